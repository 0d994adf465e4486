// A chain of one process: TON's own virtual machine (@ton/sandbox), an empty state and a clock that stands still, told what to do by a line of JSON
// each and answering with one. {"id":1,"op":"open","now":1750000000} → {"id":1,"ok":{…}} or {"id":1,"error":"…"}. Cells travel as base64 bags.
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import { Address, beginCell, Cell, Dictionary, loadMessage, storeMessage } from '@ton/core';
import { Blockchain } from '@ton/sandbox';
import { compile } from './compile.mjs';

// Loaded file by file: the package's front door opens clients of clouds.
const code = (name) => createRequire(import.meta.url)(`@ton-community/assets-sdk/dist/jetton/contracts/build/${name}.js`);

let chain;
let bank;

const boc = (cell) => cell.toBoc().toString('base64');

// Null of phases that did not come to pass.
const viewOf = (transaction) => {
  const { computePhase, actionPhase } = transaction.description;
  const ran = computePhase?.type === 'vm';
  return {
    account: `0:${transaction.address.toString(16).padStart(64, '0')}`,
    exit: ran ? computePhase.exitCode : null,
    gas: ran ? Number(computePhase.gasUsed) : 0,
    action: actionPhase?.resultCode ?? null,
    skipped: actionPhase?.skippedActions ?? 0,
    fees: transaction.totalFees.coins.toString(),
    came: transaction.inMessage ? boc(beginCell().store(storeMessage(transaction.inMessage)).endCell()) : null,
    sent: [...transaction.outMessages.values()].map((message) => boc(beginCell().store(storeMessage(message)).endCell())),
  };
};

const viewsOf = (result) => ({ transactions: result.transactions.map(viewOf) });

const read = (item) => {
  switch (item.type) {
    case 'int': return { type: 'int', value: item.value.toString() };
    case 'cell': case 'slice': return { type: item.type, value: boc(item.cell) };
    default: return { type: item.type };
  }
};

const operations = {
  async open({ now }) {
    chain = await Blockchain.create();
    chain.now = now;
    bank = await chain.treasury('bank');
    return { bank: bank.address.toRawString() };
  },

  clock({ now }) {
    chain.now = now;
    return {};
  },

  // An internal message that the bank pays for.
  async pay({ to, nano }) {
    return viewsOf(await bank.send({ to: Address.parse(to), value: BigInt(nano), bounce: false }));
  },

  // An external message as a node takes it. One that its contract does not accept leaves no transaction.
  async send({ message }) {
    try {
      return viewsOf(await chain.sendMessage(loadMessage(Cell.fromBase64(message).beginParse())));
    } catch (refused) {
      if (refused.exitCode === undefined) throw refused;
      return { refused: refused.exitCode };
    }
  },

  async call({ address, method, slice }) {
    const stack = slice ? [{ type: 'slice', cell: Cell.fromBase64(slice) }] : [];
    const result = await chain.runGetMethod(Address.parse(address), method, stack);
    const items = [];
    while (result.stackReader.remaining > 0) items.push(read(result.stackReader.pop()));
    return { items };
  },

  async account({ address }) {
    const account = await chain.getContract(Address.parse(address));
    return { state: account.accountState?.type ?? 'none', nano: account.balance.toString() };
  },

  // What @ton/core makes of bags: their hashes, and how it writes them.
  cells: ({ bags }) => ({ cells: bags.map((bag) => Cell.fromBase64(bag)).map((cell) => ({ hash: cell.hash().toString('hex'), boc: boc(cell) })) }),

  // The dictionary that @ton/core makes of numbers.
  dictionary({ keyBits, entries }) {
    const map = Dictionary.empty(Dictionary.Keys.BigUint(keyBits), Dictionary.Values.BigUint(64));
    for (const [key, value] of entries) map.set(BigInt(key), BigInt(value));
    return { boc: boc(beginCell().storeDictDirect(map).endCell()) };
  },

  // The project's own contract, compiled anew.
  compile: ({ folder }) => compile(folder),

  jetton: () => ({ minter: code('jetton-minter').jettonMinterCode.codeBoc, wallet: code('jetton-wallet').jettonWalletCode.codeBoc }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, op, ...rest } = JSON.parse(line);
  try {
    if (!(op in operations)) throw new Error(`no operation is called '${op}'`);
    console.log(JSON.stringify({ id, ok: await operations[op](rest) }));
  } catch (error) {
    console.log(JSON.stringify({ id, error: String(error.message ?? error).slice(0, 500) }));
  }
}
