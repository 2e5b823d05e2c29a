"""What the words mean: event types with their codes, the cue lexicon, stances and shared word lists.

All of it is data in `data/`, laid over with a user's own folders and checked while it is loaded. Adding an
event type, a cue or a stance is one entry there, with a sentence that shows it, and no Python.
"""

from sayso.ontology.load import load_ontology
from sayso.ontology.model import Actor, Cue, CueForm, EventType, Ontology, Stance, Trigger

__all__ = ["Actor", "Cue", "CueForm", "EventType", "Ontology", "Stance", "Trigger", "load_ontology"]
