"""How does a network reach Gephi, Cytoscape, igraph or networkx? As GraphML or as GEXF 1.3, written row by row.

Nodes bear their account id, label, weighted degree, size, colour and every column of ``accounts``; ties their weight and every
further column of ``edges``. Colours follow the networks. Memory beyond the tables themselves grows with the nodes, not the ties.

Source: GraphML, graphml.graphdrawing.org/specification.html; GEXF 1.3, gexf.net/schema.html. What we changed: nothing.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from .exporting_network import BATCH, Network
from .exporting_words import Told
from .exporting_xml import escaped, identifier, kind, written

_GRAPHML = (
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
)
# No schemaLocation: the RELAX NG schema of 1.3 has no place for it, and the XSD at that address lacks the type of graph.
_GEXF = '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_FIXED = (("label", "string"), ("weighted_degree", "double"), ("size", "double"), ("r", "int"), ("g", "int"), ("b", "int"))


def graphml(network: Network, told: Told, file: Path) -> None:
    """Write the network as GraphML; ``size, r, g, b`` are the names Gephi takes size and colour from."""
    _write(file, _graphml(network, told))


def gexf(network: Network, told: Told, file: Path) -> None:
    """Write the network as GEXF 1.3."""
    _write(file, _gexf(network, told))


def _write(file: Path, parts: Iterator[str]) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(parts)


def _graphml(network: Network, told: Told) -> Iterator[str]:
    extra = _extra(network)
    yield f"{_HEAD}{_GRAPHML}<desc>{escaped(told.description)}</desc>\n"
    nodes = [*_FIXED, *((f.name, kind(f.type)) for f in network.accounts.schema)]
    yield from (_key(f"n{i}", "node", *named) for i, named in enumerate(nodes))
    ties = [("weight", "double"), *((f.name, kind(f.type)) for f in extra)]
    yield from (_key(f"e{i}", "edge", *named) for i, named in enumerate(ties))
    yield f'<graph id="G" edgedefault="{_direction(network.directed)}">\n'
    for node, label, degree, size, colour, values in _nodes(network):
        data = _data("n", [label, repr(degree), repr(size), *map(str, colour), *values])
        yield f'<node id="{node}">{data}</node>\n'
    for source, target, weight, directed, values in _ties(network, extra):
        mark = "" if directed == network.directed else f' directed="{"true" if directed else "false"}"'
        yield f'<edge source="{source}" target="{target}"{mark}>{_data("e", [weight, *values])}</edge>\n'
    yield "</graph>\n</graphml>\n"


def _gexf(network: Network, told: Told) -> Iterator[str]:
    extra = _extra(network)
    yield f"{_HEAD}{_GEXF}<meta><creator>{escaped(told.creator)}</creator>"
    yield f"<description>{escaped(told.description)}</description></meta>\n"
    yield f'<graph defaultedgetype="{_direction(network.directed)}" idtype="string" mode="static">\n'
    yield from _attributes("node", [("weighted_degree", "double"), *((f.name, kind(f.type)) for f in network.accounts.schema)])
    yield from _attributes("edge", [(f.name, kind(f.type)) for f in extra])
    yield "<nodes>\n"
    for node, label, degree, size, (r, g, b), values in _nodes(network):
        yield f'<node id="{node}" label="{label}">{_attvalues([repr(degree), *values])}'
        yield f'<viz:color r="{r}" g="{g}" b="{b}"/><viz:size value="{size!r}"/></node>\n'
    yield "</nodes>\n<edges>\n"
    for i, (source, target, weight, directed, values) in enumerate(_ties(network, extra)):
        mark = "" if directed == network.directed else f' type="{_direction(directed)}"'
        yield f'<edge id="{i}" source="{source}" target="{target}" weight="{weight}"{mark}'
        within = _attvalues(values)
        yield f">{within}</edge>\n" if within else "/>\n"
    yield "</edges>\n</graph>\n</gexf>\n"


def _extra(network: Network) -> list[pa.Field]:
    """List the further columns of the ties."""
    return list(network.edges.schema)[4:]


def _direction(directed: bool) -> str:
    return "directed" if directed else "undirected"


def _key(key: str, of: str, name: str, kind: str) -> str:
    return f'<key id="{key}" for="{of}" attr.name="{escaped(name)}" attr.type="{kind}"/>\n'


def _data(key: str, values: list[str | None]) -> str:
    return "".join(f'<data key="{key}{i}">{v}</data>' for i, v in enumerate(values) if v is not None)


def _attributes(of: str, named: list[tuple[str, str]]) -> Iterator[str]:
    if named:
        yield f'<attributes class="{of}" mode="static">\n'
        for i, (name, kind) in enumerate(named):
            yield f'<attribute id="{i}" title="{escaped(name)}" type="{kind}"/>\n'
        yield "</attributes>\n"


def _attvalues(values: list[str | None]) -> str:
    shown = "".join(f'<attvalue for="{i}" value="{v}"/>' for i, v in enumerate(values) if v is not None)
    return f"<attvalues>{shown}</attvalues>" if shown else ""


def _nodes(network: Network) -> Iterator[tuple[str, str, float, float, tuple[int, int, int], list[str | None]]]:
    """Give each node as its XML name, label, weighted degree, size, colour and the values of its columns."""
    sizes, colours = network.sizes().tolist(), network.colours()
    at = 0
    for batch in network.accounts.to_batches(max_chunksize=BATCH):
        for values in zip(*(written(c) for c in batch.columns), strict=True):
            node, label = identifier(network.ids[at]), escaped(network.labels[at])
            yield node, label, float(network.degree[at]), sizes[at], colours[at], list(values)
            at += 1


def _ties(network: Network, extra: list[pa.Field]) -> Iterator[tuple[str, str, str, bool, list[str | None]]]:
    """Give each tie as its two ends, weight, direction and the values of its further columns."""
    names = [identifier(node) for node in network.ids]
    for batch in network.ties():
        columns = [written(batch.column(f.name)) for f in extra]
        rest = zip(*columns, strict=True) if columns else ((),) * batch.num_rows
        plain = (batch.column(n).to_pylist() for n in ("source", "target", "weight", "directed"))
        for source, target, weight, directed, values in zip(*plain, rest, strict=True):
            yield names[source], names[target], repr(weight), directed, list(values)
