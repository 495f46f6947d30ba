"""How many cards a day the real Anki takes from decks with limits of their own: anki-limits.py IN.apkg LIMITS.json; LIMITS.json is a list of
{deck: {new, review}}. Prints, for each, {deck: [new, review]} of the cards in the queue when the root deck is studied (limits start from the top)."""
import json, os, sys, tempfile
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest

source, cases = sys.argv[1], json.load(open(sys.argv[2]))
col = Collection(os.path.join(tempfile.mkdtemp(), "collection.anki2"))
col.set_config("fsrs", True)
col.set_config("applyAllParentLimits", True)
options = ImportAnkiPackageOptions(merge_notetypes=False, with_scheduling=True, with_deck_configs=False, update_notes=0, update_notetypes=0)
col.import_anki_package(ImportAnkiPackageRequest(package_path=os.path.abspath(source), options=options))
presets = {}
for node in col.decks.all_names_and_ids():
    preset = col.decks.add_config(node.name)
    presets[node.name] = preset
    deck = col.decks.get(node.id)
    deck["conf"] = preset["id"]
    col.decks.save(deck)
told = []
for limits in cases:
    for name, preset in presets.items():
        own = limits.get(name, {})
        preset["new"]["perDay"], preset["rev"]["perDay"] = own.get("new", 9999), own.get("review", 9999)
        col.decks.update_config(preset)
    col.decks.set_current(col.decks.id("Meshwise"))
    counts = {}
    for queued in col.sched.get_queued_cards(fetch_limit=9999).cards:
        name = col.decks.name(queued.card.deck_id)
        counts.setdefault(name, [0, 0])[1 if queued.card.ctype == 2 else 0] += 1
    told.append(counts)
print(json.dumps(told))
