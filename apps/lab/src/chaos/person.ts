import { setTimeout as wait } from 'node:timers/promises';
import type { TimelineEntry } from '@cloudhop/sdk';
import type { Device } from './device';
import type { Chance } from '../chance';

const emoji = ['👋', '🎉', '❤️'];
/** Of how many of the latest lines people take notice. */
const seenLines = 30;

type Deed = 'send' | 'burst' | 'edit' | 'react' | 'remove' | 'undo' | 'page' | 'read' | 'reload' | 'crash';

/** Weight of each action, of 100. */
const habits: Record<Deed, number> = {
  send: 50,
  burst: 3,
  edit: 12,
  react: 17,
  remove: 5,
  undo: 3,
  page: 4,
  read: 2,
  reload: 2,
  crash: 2,
};
const bag = Object.entries(habits).flatMap(([deed, often]) => Array<Deed>(often).fill(deed as Deed));

/** Uses a device as somebody in a hurry does, until it is over. */
export async function useDevice(device: Device, chance: Chance, isOver: () => boolean): Promise<void> {
  for (let n = 0; !isOver(); n++) {
    await wait(chance.between(80, 900));
    if (!isOver()) await act(device, chance, n);
  }
}

async function act(device: Device, chance: Chance, n: number): Promise<void> {
  const deed = chance.pick(bag)!;
  const { lobbyId } = device;
  if (lobbyId === undefined) return;
  const text = `${device.name} ${n}, 大家好`;
  const lines = device.client.timeline(lobbyId)?.entries.slice(-seenLines) ?? [];
  const own = lines.filter(({ isMine }) => isMine);
  switch (deed) {
    case 'send':
      return device.send(text);
    case 'burst':
      for (let i = 0; i < 8; i++) device.send(`${text}, ${i} of a row`);
      return;
    case 'edit':
      return withLine(own, chance, ({ message }) => device.edit(message, `${text}, changed`));
    case 'react':
      return withLine(lines, chance, ({ message, mine }) => {
        const choice = chance.pick(emoji)!;
        device.client.react(lobbyId, message.id, choice, !mine.includes(choice));
      });
    case 'remove':
      return withLine(own, chance, ({ message }) => device.remove(message));
    case 'undo':
      return device.undoRemove();
    case 'page':
      return device.client.loadBefore(lobbyId);
    case 'read':
      return withLine(lines, chance, ({ message }) => device.client.markRead(lobbyId, message.seq));
    case 'reload':
      return device.reload();
    case 'crash':
      return device.crash();
  }
}

function withLine(lines: readonly TimelineEntry[], chance: Chance, work: (line: TimelineEntry) => void): void {
  const line = chance.pick(lines);
  if (line) work(line);
}
