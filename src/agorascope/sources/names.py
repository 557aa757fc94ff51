"""By which names do files call what they say of a post? Canonical names and their variants, in French and English.

Variants stand in order of preference, as ``columns.key`` reduces them. A dot marks a field of a flattened JSON object.
``label.NAME`` stands for a row of ``post_labels``; ``label.*`` for any such name a user gives.
"""

from collections.abc import Mapping

Aliases = Mapping[str, str]

LABELS: Aliases = {
    "label.paid": (
        "paid ispaid paidpost sponsored issponsored promoted ispromoted boosted isboosted isad paidpartnership "
        "ispaidpartnership payant payante paye payee sponsorise sponsorisee estsponsorise contenusponsorise promu promue booste "
        "publicitaire partenariatremunere"
    ),
    "label.format": "format mediatype contenttype postformat type posttype typedepost typedemedia typedecontenu",
    "label.topic": "topic topics category categories theme themes thematique categorie rubrique section sujet",
    "label.month": "month postmonth mois",
    "label.weekday": "weekday dayofweek postweekday joursemaine jourdesemaine jourdelasemaine",
    "label.hour": "hour hourofday posthour heuredujour heuredelajournee",
}
POST: Aliases = {
    "post_id": (
        "postid tweetid statusid messageid contentid commentid idstr id uri guid identifiant iddumessage idmessage "
        "identifiantdumessage identifiantmessage idpost"
    ),
    "account_id": (
        "accountid authorid userid uniqueuserid authordid userrsid actorid pageid channelid fromid did user.id author.id "
        "account.id author.did utilisateur.id auteur.id compte.id utilisateurid auteurid idutilisateur idauteur "
        "identifiantauteur identifiantutilisateur"
    ),
    "handle": (
        "handle username screenname userscreenname authorhandle authorusername authorscreenname fromuser user author account "
        "pseudo auteur compte utilisateur user.screenname user.username author.username author.handle account.acct "
        "account.username nomdutilisateur nomutilisateur pseudonyme utilisateur.pseudo auteur.pseudo"
    ),
    "name": (
        "authorname displayname userdisplayname fullname nomauteur nom page pagename channel chaine user.name "
        "author.displayname account.displayname name utilisateur.nom auteur.nom nomdelauteur"
    ),
    "created_at": (
        "createdat createdutc timestamputc datetimeutc dateutc publishedat publicationdate datedepublication datepublication "
        "dateheuredepublication datedumessage datemessage posttimestamp datedecreation datecreation created timestamp ts "
        "statuspublished published publiele dateetheure dateheure posted postedat posttime createtime datetime date horodatage "
        "time heure"
    ),
    "clock": "time heure",
    "text": (
        "text body fulltext content message posttext tweettext postcontent commentbody messagetext selftext caption tweet texte "
        "contenu corps comment textedumessage contenudumessage"
    ),
    "title": "title titre headline",
    "kind": "kind posttype tweettype messagetype type typedepost",
    "is_repost": "isretweet isrepost isrt isshare",
    "is_reply": "isreply",
    "is_quote": "isquote",
    "repost_of": (
        "repostof retweetof reblogof retweetedid retweetedstatusid repostid retweetid sharedid originalpostid repostde partagede "
        "repartagede retweetde rediffusionde republicationde"
    ),
    "reply_to": "replyto inreplyto inreplytoid inreplytostatusid repliedtoid totweetid parentid parentpostid reponsea",
    "quote_of": "quoteof quotedid quotedstatusid quotedpostid citationde",
    "ref_account_id": "refaccountid retweeteduserid retweeteduser reposteduser inreplytouserid replytouser",
    "conversation_id": "conversationid threadid conversation thread",
    "language": "language lang langue languageguess langcode",
    "place": "country countrycode pays place location lieu",
    "permalink": (
        "permalink posturl tweeturl statusurl permalien lienpermanent urldumessage urlmessage urldupost urlpost urlpublication "
        "urldelapublication liendumessage"
    ),
    "url": "url link lien adresse",
    "urls": "urls links liens expandedurls expandedlinks",
    "hashtags": "hashtags hashtag tags motsdiese",
    "mentions": "mentions mentionedusers mentionedhandles",
    "media": "mediaurls mediaurl media medias",
    "object_id": "textid",
    "views": (
        "views viewcount viewscount impressions impressioncount impressionscount vues nombredevues nbvues plays playcount "
        "publicmetrics.impressioncount nombredimpressions nbimpressions "
        "nbdevues"
    ),
    "reach": "reach portee",
    "likes": (
        "likes likecount likescount favorites favourites favoritecount favouritecount favoritescount favouritescount jaime "
        "nombredejaime nbjaime numlikes upvotes score reactions reactioncount numreactions publicmetrics.likecount "
        "mentionsjaime nombredementionsjaime nbmentionsjaime nombredelikes nblikes "
        "nbdejaime nbdelikes nbdementionsjaime"
    ),
    "reposts": (
        "reposts repostcount retweets retweetcount reblogs reblogscount shares sharecount sharescount numshares boosts partages "
        "nombredepartages republications publicmetrics.retweetcount nbpartages nombrederepublications nbrepublications "
        "nombrederetweets nbretweets "
        "nbdepartages nbderetweets nbderepublications"
    ),
    "quotes": "quotes quotecount quotescount citations publicmetrics.quotecount nombredecitations nbcitations nbdecitations",
    "replies": (
        "replies replycount repliescount comments commentcount commentscount numcomments commsnum commentaires "
        "nombredecommentaires reponses publicmetrics.replycount nbcommentaires nombredereponses nbreponses "
        "nbdecommentaires nbdereponses"
    ),
    "bookmarks": (
        "bookmarks bookmarkcount saves savecount collectcount signets enregistrements publicmetrics.bookmarkcount "
        "nombredesignets nbsignets nombredenregistrements nbenregistrements "
        "nbdesignets nbdenregistrements"
    ),
    "engaged": "engaged engagedusers lifetimeengagedusers postengagedusers utilisateursengages personnesengagees",
    "observed_at": (
        "observedat collectedat collectiontime retrievedat scrapedat capturedat crawledat fetchedat timestampcollected "
        "datedecollecte collectele"
    ),
    "followers": (
        "followers followercount followerscount userfollowers authorfollowers abonnes nombredabonnes fans fancount subscribers "
        "subscribercount nbabonnes nombredefollowers nbfollowers "
        "nbdabonnes nbdefollowers"
    ),
    "following": "following followingcount friends friendscount userfriends abonnements nombredabonnements nbabonnements",
    "account_posts": "accountposts updates statusescount statuses usertweets tweetscum",
    "account_created_at": "accountcreatedat usercreatedat authorcreatedat joinedat joindate comptecreele datedecreationducompte",
    "verified": "verified isverified userverified authorverified verifie",
    "account_type": "accounttype authortype usertype",
    "feed_position": "feedposition navindex",
    "sentiment": "sentiment tonalite",
    "group": "group groupe lean leaning side camp",
    "platform": "platform plateforme network reseau reseausocial source",
}
