import type { QueueStorage, QueueOptions, Settled, Waiting } from "../client/publishing.js";

/**
 * Keeps publishes in IndexedDB, so that a page that is reloaded, or closed and opened again, still sends them.
 *
 * @param name tells one queue from another; name the user in it, so that nobody sends what another one wrote
 * @param onSettled told what became of a publish of an earlier page, whose promise is gone
 */
export function indexedDbQueue(
  name: string,
  onSettled: Settled = () => undefined,
): NonNullable<QueueOptions["storage"]> {
  return (restore): QueueStorage => {
    const opened = new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => {
        // Numbers of its own keep the order of publishing.
        request.result.createObjectStore("queue", { autoIncrement: true }).createIndex("id", "id");
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => {
        reject(request.error ?? new Error("indexedDB.open failed"));
      };
    });
    const inStore = async (act: (store: IDBObjectStore) => void): Promise<void> => {
      const database = await opened;
      // A failure here reaches `unhandledrejection`; what waits in memory stays as it is.
      act(
        database.transaction("queue", "readwrite", { durability: "strict" }).objectStore("queue"),
      );
    };
    void inStore((store) => {
      const all = store.getAll() as IDBRequest<Waiting[]>;
      all.onsuccess = () => {
        restore(all.result, onSettled);
      };
    });
    return {
      put({ id, address, body, headers, until }) {
        void inStore((store) => store.add({ id, address, body, headers, until }));
      },
      remove(id) {
        void inStore((store) => {
          const keys = store.index("id").getAllKeys(id);
          keys.onsuccess = () => {
            for (const key of keys.result) {
              store.delete(key);
            }
          };
        });
      },
    };
  };
}
