"""Imports, foreign keys and migrations point down only (docs/architecture.md)."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).parents[2]
ORDER = (
    "records",
    "places",
    "parties",
    "outbox",
    "accounts",
    "forms",
    "ledgers",
    "programmes",
    "money",
    "statistics",
    "targets",
    "reports",
    "texts",
    "desk",
    "site",
)
RANK = {label: rank for rank, label in enumerate(ORDER)}


def test_every_app_of_ours_has_its_layer():
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("keshu.")}
    assert ours <= set(ORDER), "add the new app to ORDER and to the contracts in pyproject.toml"


@pytest.mark.parametrize("label", [label for label in ORDER if apps.is_installed(f"keshu.bureau.{label}")])
def test_foreign_keys_point_down(label):
    relations = [
        (model.__name__, field.name, field.related_model._meta.app_label)
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        for field in model._meta.get_fields(include_hidden=True)
        if field.is_relation and not field.auto_created and field.related_model
    ]
    upwards = [relation for relation in relations if RANK.get(relation[2], -1) > RANK[label]]
    assert upwards == []


def test_migrations_depend_downwards():
    loader = MigrationLoader(None)
    upwards = [
        (label, name, dependency)
        for (label, name), migration in loader.disk_migrations.items()
        if label in RANK
        for dependency in [*migration.dependencies, *migration.run_before]
        if RANK.get(dependency[0], -1) > RANK[label]
    ]
    assert upwards == []


def test_imports_keep_their_contracts():
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:]
