"""What every cell of an import may need to know, loaded once for a file."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from keshu.bureau.forms.readers import Surroundings
from keshu.bureau.parties.queries import directory, final, merges
from keshu.bureau.parties.resolving import Resolver
from keshu.bureau.places.models import Place
from keshu.bureau.places.queries import Tree, gazetteer, tree_on


@dataclass(frozen=True)
class Context:
    """Places, parties and the day, as they are when the file is read."""

    tree: Tree
    place_id: int | None
    place_names: Mapping[int, str]
    around: Surroundings
    resolver: Resolver
    sources: Mapping[int, tuple[int, ...]]

    def on_sheet(self, *, year: int | None, cut_off: date | None) -> Surroundings:
        return replace(self.around, year=year, cut_off=cut_off)


def context_for(place_id: int | None, *, today: date) -> Context:
    tree = tree_on()
    places = list(Place.objects.values_list("pk", "code", "name", "kind"))
    codes = {pk: code for code, pk in tree.ids.items()}
    counties = {code: name for _, code, name, kind in places if kind == Place.Kind.COUNTY}
    around = Surroundings(
        today=today,
        places=gazetteer(),
        ids=tree.ids,
        within=tree.below(codes[place_id]) if place_id in codes else None,
        tree=tree,
        counties=counties,
        county_of={
            pk: next((part for part in tree.paths[code].split("/") if part in counties), "")
            for pk, code in codes.items()
        },
    )
    names = {pk: name for pk, _, name, _ in places}
    return Context(tree, place_id, names, around, Resolver(directory()), _sources())


def _sources() -> dict[int, tuple[int, ...]]:
    """The parties that were merged into each one that is left."""
    merged: dict[int, int] = dict(merges().values_list("source_id", "target_id"))
    found: dict[int, list[int]] = {}
    for source in merged:
        found.setdefault(final(source, merged), []).append(source)
    return {target: tuple(sources) for target, sources in found.items()}
