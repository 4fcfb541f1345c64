"""An emulator of clusters with Cluster Linking REST v3, for demos, rehearsals and tests.

    world = World.from_scenario({"clusters": [{"name": "a"}, {"name": "b"}]}, SteppedClock())
    app = application(world, {"a:8090": "a", "b:8090": "b"})

It is true to the vendor's OpenAPI document and to the cluster-linking reference (its section 14 decides where sources
disagree), and imports nothing of the rest of this project: a misreading of the API must not be made twice and agree
with itself.
"""

from reconciler.sandbox.files.scenario import ScenarioError
from reconciler.sandbox.files.snapshot_file import load_snapshot, save_snapshot, snapshot_lock
from reconciler.sandbox.refusals import Refusal
from reconciler.sandbox.rest.app import application
from reconciler.sandbox.rest.call import Options
from reconciler.sandbox.rest.faulty import AnswerLost, NoAnswer
from reconciler.sandbox.serve import Endpoint, Listener, serve
from reconciler.sandbox.world.clock import Clock, RealClock, SteppedClock
from reconciler.sandbox.world.cluster import Cluster
from reconciler.sandbox.world.world import INSTANT, Delays, World

__all__ = [
    "INSTANT",
    "AnswerLost",
    "Clock",
    "Cluster",
    "Delays",
    "Endpoint",
    "Listener",
    "NoAnswer",
    "Options",
    "RealClock",
    "Refusal",
    "ScenarioError",
    "SteppedClock",
    "World",
    "application",
    "load_snapshot",
    "save_snapshot",
    "serve",
    "snapshot_lock",
]
