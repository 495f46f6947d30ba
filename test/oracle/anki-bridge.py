"""A real Anki collection behind the interface of AnkiConnect, as far as a sync uses it. The add-on itself needs Anki's
window; what it does with a collection is done here through the same calls of Anki's own library. One request per connection.
anki-bridge.py FOLDER -> prints the port, serves until its input is closed."""
import base64, json, os, sys, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from anki.collection import Collection, DeckIdLimit, ExportAnkiPackageOptions, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.cards import FSRSMemoryState
from anki.errors import NotFoundError

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
col = Collection(os.path.join(folder, "collection.anki2"))
col.set_config("fsrs", True)
failing = {}
guarded = {"did", "id", "ivl", "lapses", "left", "mod", "nid", "odid", "odue", "ord", "queue", "reps", "type", "usn"}


def present(get, id):
    try:
        return get(id)
    except NotFoundError:
        return None


def export_package(deck, path, includeSched=False):
    did = col.decks.id_for_name(deck)
    if did is None:
        return False
    options = ExportAnkiPackageOptions(with_scheduling=includeSched, with_deck_configs=includeSched, with_media=True, legacy=True)
    col.export_anki_package(out_path=path, options=options, limit=DeckIdLimit(deck_id=did))
    return True


def import_package(path):
    options = ImportAnkiPackageOptions(merge_notetypes=True, with_scheduling=True, with_deck_configs=True, update_notes=0, update_notetypes=0)
    col.import_anki_package(ImportAnkiPackageRequest(package_path=path, options=options))
    return True


def notes_info(notes):
    return [note_info(note) if (note := present(col.get_note, id)) else {} for id in notes]


def note_info(note):
    fields = {name: {"value": value, "order": order} for order, (name, value) in enumerate(note.items())}
    return {"noteId": note.id, "profile": "User 1", "tags": note.tags, "fields": fields, "modelName": note.note_type()["name"], "mod": note.mod, "cards": note.card_ids()}


def cards_info(cards):
    return [card_info(card) if (card := present(col.get_card, id)) else {} for id in cards]


def card_info(c):
    note = c.note()
    return {"cardId": c.id, "fields": note_info(note)["fields"], "fieldOrder": c.ord, "question": c.question(), "answer": c.answer(), "modelName": note.note_type()["name"], "ord": c.ord,
            "deckName": col.decks.name(c.did), "factor": c.factor, "interval": c.ivl, "note": c.nid, "type": c.type, "queue": c.queue, "due": c.due, "reps": c.reps, "lapses": c.lapses, "left": c.left, "mod": c.mod, "flags": c.flags}


def reviews_of(cards):
    names = ("id", "usn", "ease", "ivl", "lastIvl", "factor", "time", "type")
    return {str(id): [dict(zip(names, row)) for row in col.db.all(f"select {','.join(names)} from revlog where cid = ?", id)] for id in cards}


def insert_reviews(reviews):
    values = ",".join("(" + ",".join(str(int(n)) for n in row) + ")" for row in reviews)
    col.db.execute("insert into revlog(id,cid,usn,ease,ivl,lastIvl,factor,time,type) values " + values)


def set_specific(card, keys, newValues, warning_check=False):
    if any(key in guarded for key in keys) and not warning_check:
        return False
    try:
        found = col.get_card(card)
        for key, value in zip(keys, newValues):
            setattr(found, key, FSRSMemoryState(**value) if key == "memory_state" else value)
        col.update_card(found)
        return [True]
    except Exception as fault:
        return [[False, str(fault)]]


def update_note(note):
    found = col.get_note(note["id"])
    for name, value in note.get("fields", {}).items():
        if name in found:
            found[name] = value
    if "tags" in note:
        found.tags = list(note["tags"])
    col.update_note(found)


def store_media(filename, data):
    if os.path.exists(os.path.join(col.media.dir(), filename)):
        col.media.trash_files([filename])
    return col.media.write_data(os.path.basename(filename), base64.b64decode(data))


def retrieve_media(filename):
    path = os.path.join(col.media.dir(), os.path.basename(filename))
    return base64.b64encode(open(path, "rb").read()).decode() if os.path.exists(path) else False


def answer_cards(answers):
    for answer in answers:
        card = col.get_card(answer["cardId"])
        card.start_timer()
        col.sched.answerCard(card, answer["ease"])
    return [True] * len(answers)


def sync():
    raise Exception("sync: auth not configured")


actions = {
    "version": lambda: 6,
    "requestPermission": lambda: {"permission": "granted", "requireApikey": False, "version": 6},
    "sync": sync,
    "deckNames": lambda: [deck.name for deck in col.decks.all_names_and_ids()],
    "getMediaDirPath": lambda: os.path.abspath(col.media.dir()),
    "storeMediaFile": store_media,
    "retrieveMediaFile": retrieve_media,
    "deleteMediaFile": lambda filename: col.media.trash_files([filename]),
    "exportPackage": export_package,
    "importPackage": import_package,
    "findNotes": lambda query: list(col.find_notes(query)),
    "findCards": lambda query: list(col.find_cards(query)),
    "notesInfo": notes_info,
    "notesModTime": lambda notes: [{"noteId": n.id, "mod": n.mod} if (n := present(col.get_note, id)) else {} for id in notes],
    "cardsInfo": cards_info,
    "cardsModTime": lambda cards: [{"cardId": c.id, "mod": c.mod} if (c := present(col.get_card, id)) else {} for id in cards],
    "updateNote": update_note,
    "addTags": lambda notes, tags: col.tags.bulk_add(notes, tags) and None,
    "suspend": lambda cards: bool(col.sched.suspend_cards(cards)) or True,
    "unsuspend": lambda cards: col.sched.unsuspend_cards(cards) and None,
    "deleteNotes": lambda notes: col.remove_notes(notes) and None,
    "forgetCards": lambda cards: col.sched.schedule_cards_as_new(cards, restore_position=True, reset_counts=True) and None,
    "changeDeck": lambda cards, deck: col.set_deck(cards, col.decks.id(deck)) and None,
    "getReviewsOfCards": reviews_of,
    "insertReviews": insert_reviews,
    "setSpecificValueOfCard": set_specific,
    "answerCards": answer_cards,
    # For the test alone; the add-on has no such actions.
    "bridge:fail": lambda action, after: failing.update({action: after}),
    "bridge:integrity": lambda: list(col.fix_integrity()),
    "bridge:rebuildFiltered": lambda search: col.sched.rebuild_filtered_deck(col.decks.new_filtered("Cram " + search)) and None,
    "bridge:flag": lambda cards, flag: col.set_user_flag_for_cards(flag, cards) and None,
}


def handle(request):
    version = request.get("version", 4)
    try:
        action = request.get("action", "")
        params = request.get("params", {})
        if action == "multi":
            result = [handle(one) for one in params["actions"]]
        elif action in actions:
            result = actions[action](**params)
        else:
            raise Exception("unsupported action")
        return result if version <= 4 else {"result": result, "error": None}
    except Exception as fault:
        return {"result": None, "error": str(fault)}


class Bridge(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))))
        name = request.get("action", "")
        if name in failing:
            failing[name] -= 1
            if failing[name] < 0:
                del failing[name]
                return self.connection.close()
        body = json.dumps(handle(request)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Bridge)
print(server.server_port, flush=True)
# The program that started this one is gone when its end of the pipe is closed.
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
server.serve_forever()
