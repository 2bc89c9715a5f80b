// The outbox on this device: one strict-durability transaction for each entry.
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Entry, Store } from "./outbox.js";

interface Shape extends DBSchema {
  entries: { key: string; value: Entry };
}

let opened: Promise<IDBPDatabase<Shape>> | undefined;

function database(): Promise<IDBPDatabase<Shape>> {
  opened ??= openDB<Shape>("openkap-outbox", 1, {
    upgrade: (db) => void db.createObjectStore("entries", { keyPath: "id" }),
  });
  return opened;
}

export const deviceStore: Store = {
  async put(entry) {
    const work = (await database()).transaction("entries", "readwrite", { durability: "strict" });
    await Promise.all([work.store.put(entry), work.done]);
  },
  async all() {
    return (await database()).getAll("entries");
  },
  async remove(id) {
    const work = (await database()).transaction("entries", "readwrite", { durability: "strict" });
    await Promise.all([work.store.delete(id), work.done]);
  },
};
