// Walks a whole search page by page, forward by `next` then backward by `previous`, again and again, until told on the
// standard input that the load has ended. Every walk is a line of JSON in the file given; Socle's tests judge them.
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Client } from 'fhir-kit-client';

const [base, count, file] = process.argv.slice(2);
const client = new Client({ baseUrl: base, customHeaders: { 'ESANTE-API-KEY': 'socle-demo' } });
const PAGES_LIMIT = 5000;

const search = () =>
  client.search({ resourceType: 'PractitionerRole', searchParams: { _count: count, _total: 'accurate' } });

const versions = (page) => (page.entry ?? []).map(({ resource }) => `${resource.id}/${resource.meta.versionId}`);

async function follow(first, step) {
  const pages = [first];
  for (let page = await step({ bundle: first }); page; page = await step({ bundle: page })) {
    pages.push(page);
    if (pages.length > PAGES_LIMIT) throw new Error('paging does not end');
  }
  return pages;
}

async function walk(name, first) {
  const began = Date.now();
  const start = first ?? (await search());
  const forward = await follow(start, (at) => client.nextPage(at));
  const backward = await follow(forward.at(-1), (at) => client.prevPage(at));
  const told = {
    name,
    began,
    ended: Date.now(),
    pages: forward.length,
    total: start.total,
    forward: forward.flatMap(versions),
    backward: backward.reverse().flatMap(versions),
  };
  appendFileSync(file, `${JSON.stringify(told)}\n`);
  return start;
}

let loading = true;
createInterface({ input: process.stdin }).on('line', () => {
  loading = false;
  process.stdin.destroy();
});

const kept = await walk('before');
process.stdout.write('ready\n');
while (loading) await walk('during');
await walk('kept', kept);
await walk('after');
