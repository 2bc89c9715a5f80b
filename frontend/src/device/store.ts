// The store on this device: one strict-durability transaction for each entry or draft, each of them sealed.
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Draft } from "./drafts.js";
import type { Entry, Store } from "./outbox.js";
import type { Sealed, Sealer } from "./sealing.js";

/** What lies on the disk: who it belongs to, and nothing of what it says. */
interface Row {
  id: string;
  by: string;
  sealed: Sealed;
}

interface Shape extends DBSchema {
  entries: { key: string; value: Row };
  drafts: { key: string; value: Row };
}

type Kind = "entries" | "drafts";
let opened: Promise<IDBPDatabase<Shape>> | undefined;

function database(): Promise<IDBPDatabase<Shape>> {
  opened ??= openDB<Shape>("openkap-device", 1, {
    upgrade: (db) => {
      db.createObjectStore("entries", { keyPath: "id" });
      db.createObjectStore("drafts", { keyPath: "id" });
    },
  });
  return opened;
}

async function write(kind: Kind, work: (store: { put(row: Row): unknown; delete(id: string): unknown }) => void): Promise<void> {
  const transaction = (await database()).transaction(kind, "readwrite", { durability: "strict" });
  work(transaction.objectStore(kind));
  await transaction.done;
}

/** How many entries wait here, and how many of them are this person's. Needs no key. */
export async function waitingHere(by: string): Promise<{ all: number; own: number }> {
  const rows = await (await database()).getAll("entries");
  return { all: rows.length, own: rows.filter((row) => row.by === by).length };
}

class Sealing<T extends { id: string; by: string }> {
  constructor(
    private readonly kind: Kind,
    private readonly sealer: Sealer,
    private readonly by: string,
  ) {}

  async put(one: T): Promise<void> {
    const row = { id: one.id, by: one.by, sealed: await this.sealer.seal(one, `${this.kind}|${one.by}|${one.id}`) };
    await write(this.kind, (store) => void store.put(row));
  }

  /** One's own, opened. What belongs to somebody else, or cannot be opened, stays where it is. */
  async all(): Promise<T[]> {
    const rows = (await (await database()).getAll(this.kind)).filter((row) => row.by === this.by);
    const found = await Promise.all(rows.map((row) => this.sealer.open<T>(row.sealed, `${this.kind}|${row.by}|${row.id}`)));
    return found.filter((one): one is Awaited<T> & T => one !== undefined);
  }

  async remove(id: string): Promise<void> {
    await write(this.kind, (store) => void store.delete(id));
  }
}

/** The entries of this person on this device. */
export const entriesOf = (sealer: Sealer, by: string): Store => new Sealing<Entry>("entries", sealer, by);

/** The drafts of this person on this device. */
export const draftsOf = (sealer: Sealer, by: string): Sealing<Draft> => new Sealing<Draft>("drafts", sealer, by);
