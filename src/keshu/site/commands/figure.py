"""keshu figure CODE… --place P --period 2025."""

import argparse

from keshu.site.commands.answer import Answer, Verbs, start
from keshu.site.commands.ledger import day


def add_to(verbs: Verbs, common: argparse.ArgumentParser) -> None:
    verb = verbs.add_parser("figure", help="指标数及其来源", parents=[common])
    verb.add_argument("codes", nargs="+", metavar="CODE")
    verb.add_argument("--place", required=True)
    verb.add_argument("--period", required=True, help="2025、2025H1、2025Q3、2025-01..2025-10、2021..2025")
    verb.add_argument("--as-of", default="", metavar="D", help="按该日终了时掌握的情况")
    verb.add_argument("--lineage", action="store_true", help="列出每个数所依据的行或文件")
    verb.set_defaults(run=_figure)


def _figure(arguments: argparse.Namespace) -> Answer:
    as_of = day(arguments.as_of)
    start()
    from keshu.bureau.statistics import commands

    rows = commands.figure(
        arguments.codes, place=arguments.place, period=arguments.period, as_of=as_of, with_lineage=arguments.lineage
    )
    text = "\n".join(
        f"{r['name']}\t{r['value'] if r['value'] is not None else r['presence']}\t{r['unit']}" for r in rows
    )
    return Answer(rows, text)
