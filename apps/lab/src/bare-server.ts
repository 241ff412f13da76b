import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

/** The baseline: a Socket.IO server that broadcasts what it gets, and neither checks nor stores anything. */
export async function serveBare(): Promise<void> {
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false });
  io.on('connection', (socket) => {
    void socket.join('room');
    socket.on('message:send', (payload: { id: string; body: string }, acknowledge: (reply: unknown) => void) => {
      acknowledge({ ok: true, data: payload });
      io.to('room').emit('conversation:changed', { changes: [payload] });
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  process.send?.({ type: 'ready', url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` });
  process.once('disconnect', () => process.exit(0));
}
