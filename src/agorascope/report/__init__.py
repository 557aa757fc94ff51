"""How is a finding read? As one HTML page, as Markdown, or as JSON, in French or English; nothing is computed anew."""

from .data import json_report
from .markdown import markdown
from .masking import mask_mentions, pseudonym, pseudonymise, unquoted
from .page import html
from .view import CaseView

__all__ = ["CaseView", "html", "json_report", "markdown", "mask_mentions", "pseudonym", "pseudonymise", "unquoted"]
