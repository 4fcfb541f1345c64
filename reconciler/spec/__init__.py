"""links.yaml: from files to a desired state, or to everything that is wrong with them."""

from __future__ import annotations

from reconciler.spec.codes import CODES
from reconciler.spec.loading import Loaded, load
from reconciler.spec.references import reference_lookup
from reconciler.spec.sources import Source, read_sources

__all__ = ["CODES", "Loaded", "Source", "load", "read_sources", "reference_lookup"]
