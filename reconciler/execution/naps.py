"""A sleep that an event can cut short."""

from __future__ import annotations

import asyncio

from reconciler.model.clock import Clock


async def nap(clock: Clock, seconds: float, *alarms: asyncio.Event) -> None:
    """Wait until the time is over or an alarm goes off.

    An alarm that is already set does not count: after an interruption the last looks keep their distance
    instead of racing.
    """
    sleeping = asyncio.ensure_future(clock.sleep(seconds))
    listening = [asyncio.ensure_future(alarm.wait()) for alarm in alarms if not alarm.is_set()]
    try:
        await asyncio.wait({sleeping, *listening}, return_when=asyncio.FIRST_COMPLETED)
        if sleeping.done():
            sleeping.result()
    finally:
        for task in (sleeping, *listening):
            task.cancel()
