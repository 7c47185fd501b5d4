// How TicketBooth lies on a sharded MongoDB cluster. Run it against the router, as often as you like:
//
//     mongosh mongodb://router:27017/ticketbooth docker/shard.js
//
// and again whenever Booking has opened new shards, to place them: MOVE=1 also moves those that lie elsewhere.
//
// Orders are NOT sharded by a key. Each of Booking's shards (50 events, or one large event) is a database of its own, ticketbooth_booking_0001, _0002 and so on, that lies
// whole on one MongoDB shard; an order's id carries its Booking shard, so every claim, payment and look-up goes to one MongoDB shard without asking the others.
// A shard key would break promise I1. No ticket is sold twice because of the unique index on `orders.held`, and MongoDB can keep an index unique across shards
// only when it begins with the shard key:
//   - { _id: 'hashed' }: two orders for one ticket land on two MongoDB shards, and neither sees the other;
//   - { held: 1 }: an array cannot be a shard key;
//   - { event: 1, … }: would hold, but all buyers of one event meet on one MongoDB shard just the same, and every look-up by order id would have to ask all of them.
// Events lie whole on one shard too: they are small, and a sale is counted in a transaction over an event and its orders, which one shard does best.
//
// What is sharded, by a hash of `_id`: payments, and Booking's idempotency keys. Both are written by every buyer of every event, are found and changed by `_id`, and have no
// other unique index.

const prefix = db.getName() === 'test' ? 'ticketbooth' : db.getName();
const router = db.getSiblingDB('admin');

function run(command) {
  const answer = router.runCommand(command);
  if (!answer.ok) throw new Error(`${Object.keys(command)[0]}: ${answer.errmsg}`);
  return answer;
}

for (const shard of ['rs0/mongodb-1:27017,mongodb-2:27017,mongodb-3:27017', 'rs1/mongodb-4:27017']) {
  if (!run({ listShards: 1 }).shards.some(known => known._id === shard.split('/')[0])) run({ addShard: shard });
}

const shards = run({ listShards: 1 }).shards.map(shard => shard._id).sort();
const placed = new Map(db.getSiblingDB('config').databases.find().toArray().map(database => [database._id, database.primary]));

// Databases whose place matters are made here before a host makes them; a new one goes where the name says, and later ones that hosts make go to the shard with the least data.
for (const name of ['events', 'payments', 'messaging', 'booking']) {
  const database = `${prefix}_${name}`;
  if (!placed.has(database)) run({ enableSharding: database, primaryShard: shards[0] });
}

for (const [name, collection] of [['payments', 'payments'], ['booking', 'idempotency_keys']]) {
  db.getSiblingDB(`${prefix}_${name}`).getCollection(collection).createIndex({ _id: 'hashed' });
  run({ shardCollection: `${prefix}_${name}.${collection}`, key: { _id: 'hashed' } });
}

// Booking's shards in turn, so that neighbours in time, which sell at the same time, lie apart. movePrimary is for a database that is not being written: do it before its events go on
// sale. On MongoDB 8.0 and later moveCollection moves `orders` while it is sold from.
for (const [database, primary] of placed) {
  const number = database.startsWith(`${prefix}_booking_`) ? parseInt(database.slice(`${prefix}_booking_`.length), 10) : NaN;
  const wanted = shards[number % shards.length];
  if (Number.isNaN(number) || primary === wanted) continue;
  if (process.env.MOVE === '1') run({ movePrimary: database, to: wanted });
  print(`${database} lies on ${primary}${process.env.MOVE === '1' ? ', moved to ' : ', should lie on '}${wanted}`);
}
