// The reader of the SRA tools, reflib (npm install @iebh/reflib), found in a folder of $NODE_PATH; what it finds goes to standard output.
//
//     node read_peer.mjs ris|medline|endnoteXml FILE [answers]     the number of records, or JSON as read_peer.py gives it
//     node read_peer.mjs                                           exit 0 where it is there
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const folders = (process.env.NODE_PATH ?? '').split(':').filter(Boolean);
const file = folders.map(folder => join(folder, '@iebh/reflib/lib/default.js')).find(existsSync);
if (!file) process.exit(1);
const { readFile } = await import(pathToFileURL(file).href);
const [module, path, answers] = process.argv.slice(2);
if (module) {
    const refs = await readFile(path, { module });
    if (answers)
        console.log(JSON.stringify(refs.map(r => [r.title ?? '', (r.doi ?? '').replace(' [doi]', ''), (r.year ?? '').slice(0, 4),
            (r.medlineAuthorsFull ?? r.authors ?? [''])[0]])));
    else console.log(refs.length);
}
