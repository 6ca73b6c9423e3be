"""A summary 总结 definition. Loosely typed: its sections are read by whoever composes the text."""

from __future__ import annotations

from pydantic import ConfigDict

from keshu.catalogue.schema.base import Definition


class Summary(Definition):
    """An outline with its sections; further keys are kept as they are."""

    model_config = ConfigDict(frozen=True, extra="allow")
