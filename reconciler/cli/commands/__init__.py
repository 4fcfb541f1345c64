"""One module per command."""

from __future__ import annotations

import typer

from reconciler.cli.commands import (
    apply,
    convert,
    demo,
    export,
    plan,
    sandbox,
    schema,
    status,
    validate,
    version,
)


def register(app: typer.Typer) -> None:
    """Put every command under the application, in the order in which a newcomer needs them."""
    app.command("validate")(validate.validate)
    app.command("plan")(plan.plan)
    app.command("apply")(apply.apply)
    app.command("status")(status.status)
    app.command("export")(export.export)
    app.command("convert")(convert.convert)
    app.command("demo")(demo.demo)
    app.command("schema")(schema.schema)
    app.command("version")(version.version)
    app.add_typer(sandbox.app, name="sandbox")
