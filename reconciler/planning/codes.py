"""The codes of this room: what a plan may say, when it says it, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_LINKS = {
    "link-unlisted": "The server lists mirror topics on a link, and not the link itself. Nothing is created on the strength of two answers that disagree; plan again.",
    "link-to-itself": "The two clusters of a link have one id: they are one cluster under two names. Correct a `restEndpoint` or `clusterId`.",
    "link-unreadable": "A link could not be read. Nothing is planned for it; make the cluster readable and plan again.",
    "link-configs-unreadable": "A link's configs could not be read. They are neither compared nor written, and the link is neither paused nor resumed.",
    "link-immutable": "A live link differs in mode, connection mode, prefix or the cluster on its other side, which no server changes in place. Make the file say what is live, or delete the link and create it anew.",
    "half-unreadable": "One half of a pair is missing and the other could not be read. Nothing is created until both can be seen.",
    "inbound-missing": "The half that is dialled is missing under a live half that dials; they can only be made in the other order. Delete the dialling half by hand and plan again.",
    "halves-disagree": "The two halves of an entry have different link ids. Delete the one without mirror topics and plan again.",
    "remote-unreadable": "A link is not created while the cluster on its other side could not be read. Make that cluster readable.",
    "link-in-use": "A link is wanted absent while mirror topics still hang on it. Promote, fail over or delete each of them first.",
    "delete-unreadable": "A link is wanted absent, but not all its mirror topics could be read. Make the clusters readable and plan again.",
    "config-read-only": "A declared config differs and the server does not let anybody set it. Remove it from the file.",
    "config-immutable": "A declared config differs and is fixed when a link is created. Put the live value into the file.",
    "filter-unreadable": "A live filter could not be read, so it is not overwritten. Repair or reset it by hand.",
    "reset-unverifiable": "The server does not say whether a value is its default, so a reset is left out. Give the config an explicit value.",
    "secrets-not-compared": "Secrets that are set on the server cannot be compared. Nothing to do; after a change of keys, `plan` and `apply` write them with `--write-secrets ADDRESS`.",
    "filter-narrowed": "A filter will select less; the message says who loses. Check that nobody needs it.",
    "switch-clears-filter": "Turning a switch off makes the server clear its filter, so the file lists no rows either. Turning it on again takes rows again.",
    "link-unhealthy": "A link reports an error. It is no matter of the plan; see `linkctl status`.",
}

_MIRRORS = {
    "mirror-missing": "A mirror topic is wanted promoted, failed over or released, but there is no topic of that name. Check the name.",
    "name-taken": "The name of a wanted mirror topic belongs to an ordinary topic, which is never deleted. Rename it, use a prefix, or set `state: released`.",
    "mirror-not-listed": "A mirror topic is wanted promoted or failed over; the topic exists, but the link lists no such mirror topic. Check the names, or set `state: released`.",
    "owned-by-other-link": "The name of a wanted mirror topic belongs to a mirror topic of another link or source topic. Move the entry.",
    "release-unverifiable": "A released topic is listed by no link any more, so nobody can say how it was released. Nothing to do.",
    "topic-kept": "A mirror topic is wanted absent; a topic of that name is no mirror topic of this link and stays. Remove the entry.",
    "still-mirroring": "A mirror topic is wanted released, which never acts, but still mirrors. Set `promoted` or `failed_over`.",
    "promote-link-paused": "A promotion has to catch up, and the link stays paused. Resume the link, or fail over.",
    "promote-source-unavailable": "A promotion has to reach the source, which is unavailable. Wait, or fail over and lose the lag shown.",
    "promote-source-unreadable": "A promotion has to reach the source, and the source could not be read. Make it readable, or fail over.",
    "promote-link-unreadable": "A promotion has to catch up, and whether the link is paused could not be read. Make the link's configs readable.",
    "mirror-failed": "A mirror topic has FAILED for good. Fail it over, or mirror it anew with the consent `recreate`.",
    "being-stopped": "A mirror topic is being promoted or failed over, which cannot be undone. Wait, then decide.",
    "stopping": "A mirror topic is on its way to STOPPED. Wait.",
    "stopping-delete": "A mirror topic is on its way to STOPPED and cannot be deleted before. Wait and plan again.",
    "in-transition": "A mirror topic is changing roles. Nothing is planned for it; wait and plan again.",
    "unknown-status": "A mirror topic shows a word that linkctl does not know, or none. Nothing is planned for it.",
    "mirror-stopped": "A mirror topic is STOPPED and wanted active or paused. Set `released`, turn the entry round, or use the consent `recreate`.",
    "delete-released": "A released topic is wanted absent; it may be in productive use. It takes the consent `delete-released` with its whole address.",
    "protected": "A glob under `protect` forbids to promote, fail over or delete this mirror topic, whatever the consent.",
    "comes-back": "A mirror topic is wanted absent while auto-create would make it again. Add an EXCLUDE to `topicFilters`.",
    "source-topic-missing": "A mirror topic cannot be created because its source topic does not exist. Check the name.",
    "mirrors-unreadable": "The mirror topics of a cluster could not be read. Nothing is planned for them.",
    "topics-unreadable": "The topics of a cluster could not be read, so names may be taken. Nothing is created.",
    "source-unreadable": "The source could not be read. No mirror topic is created from it.",
    "auto-create-unreadable": "Mirror topics are wanted absent, but whether auto-create would bring them back could not be read. Make the link's configs readable.",
    "link-unusable": "Mirror topics cannot be created because their link is not there or not as declared. See what is said of the link.",
    "replication-factor-fixed": "A live mirror topic has another replication factor, which linkctl cannot change. Reassign its partitions.",
    "mirror-config-synced": "A config of a mirror topic follows the source and cannot be set. Set it on the source topic.",
    "mirror-configs-unreadable": "Topic configs could not be read. They are neither compared nor written.",
    "mirrors-unhealthy": "Some mirror topics are not healthy. It is no matter of the plan; see `linkctl status`.",
    "pattern-unreadable": "A pattern cannot be resolved because topics or mirror topics could not be read.",
    "pattern-empty": "A pattern selects nothing. Check the glob.",
    "pattern-overlap": "Two patterns select one topic and want different things. Exclude it from one of them.",
}

_RUNS = {
    "consent-missing": "Something that cannot be undone has no consent. Run again with the option shown, if it is meant.",
    "consent-budget": "A plan has more irreversible changes of a kind than its consent allows. Look at the plan again.",
    "grant-unused": "A consent by exact address names no mirror topic of the file. Check the address.",
    "protect-unmatched": "A glob under `protect` matches no mirror topic. Check the glob.",
    "secrets-unmatched": "`--write-secrets` selects no link object with secrets. Write the address of the half that has them, as the message shows it.",
    "target-unknown": "A target selects nothing. Write the address as the plan shows it.",
    "moved-cluster": "A saved plan was made for another cluster under that name. Plan again.",
    "moved-link": "A link object was deleted and made anew since the plan was saved. Plan again.",
    "moved-change": "An object has changed since the plan was saved. Plan again.",
    "moved-step": "A step of a saved plan would send something else by now. Plan again.",
    "not-read": "Something that a plan needs was not read; it counts as unreadable.",
    "step-cycle": "Steps wait for each other in a circle. This is a mistake in linkctl; report it.",
}

CODES: Mapping[str, str] = MappingProxyType({**_LINKS, **_MIRRORS, **_RUNS})
