"""Imports packages into a fresh collection of the real Anki, answers a few cards there, and exports it again:
anki-export.py IN.apkg FOLDER -> FOLDER/legacy.apkg, current.apkg, collection.colpkg; JSON of what the collection holds on stdout."""
import hashlib, json, os, sys, tempfile
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest, ExportAnkiPackageOptions

source, folder = sys.argv[1:3]
col = Collection(os.path.join(tempfile.mkdtemp(), "collection.anki2"))
col.set_config("fsrs", True)
options = ImportAnkiPackageOptions(merge_notetypes=False, with_scheduling=True, with_deck_configs=False, update_notes=0, update_notetypes=0)
col.import_anki_package(ImportAnkiPackageRequest(package_path=os.path.abspath(source), options=options))
for name, front, back in (("Basic", "What is <b>xDS</b>?", "An API"), ("Basic (and reversed card)", "mTLS", "mutual TLS"), ("Cloze", "Port {{c1::15001}} and {{c2::15006}}", "more")):
    note = col.new_note(col.models.by_name(name))
    note.fields[0], note.fields[1] = front, back
    col.add_note(note, col.decks.id("Others::Basics"))
media = {"a scheme.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "слово.mp3": b"ID3" + bytes(range(64))}
names = [col.media.write_data(name, data) for name, data in media.items()]
note = col.new_note(col.models.by_name("Basic"))
note.fields[0], note.fields[1] = f'<img src="{names[0]}">', f"[sound:{names[1]}]"
col.add_note(note, col.decks.id("Others::Basics"))
for ease in (3, 1, 3, 4):
    card = col.sched.getCard()
    if card:
        card.start_timer()
        col.sched.answerCard(card, ease)
for name, legacy in (("legacy.apkg", True), ("current.apkg", False)):
    settings = ExportAnkiPackageOptions(with_scheduling=True, with_deck_configs=False, with_media=True, legacy=legacy)
    col.export_anki_package(out_path=os.path.join(folder, name), options=settings, limit=None)
dump = {
    "notes": [{"id": i, "guid": g, "fields": f.split("\x1f"), "tags": t.split()} for i, g, f, t in col.db.all("select id,guid,flds,tags from notes")],
    "cards": [],
    "revlog": [dict(zip(("id", "cid", "ease", "ivl", "lastIvl", "type", "factor"), r)) for r in col.db.all("select id,cid,ease,ivl,lastIvl,type,factor from revlog")],
    "today": col.sched.today,
    "media": {name: hashlib.sha1(data).hexdigest() for name, data in zip(names, media.values())},
}
for (cid,) in col.db.all("select id from cards"):
    c = col.get_card(cid)
    m = c.memory_state
    dump["cards"].append({"id": c.id, "nid": c.nid, "ord": c.ord, "type": c.type, "queue": c.queue, "flags": c.flags, "ivl": c.ivl, "due": c.due, "reps": c.reps, "lapses": c.lapses, "memory": {"s": m.stability, "d": m.difficulty} if m else None})
col.export_collection_package(os.path.join(folder, "collection.colpkg"), include_media=True, legacy=False)
print(json.dumps(dump))
