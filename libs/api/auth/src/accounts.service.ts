import { type Session, limits as wire, usernameKey } from '@cloudhop/contracts';
import { type Actor, DomainError, addressKey, eventLog, limits } from '@cloudhop/api/core';
import { Inject, Injectable } from '@nestjs/common';
import { LogInWaits } from './log-in-waits';
import { isCommonPassword, Passwords } from './passwords.service';
import { hashRecoveryCode, newRecoveryCode } from './recovery-codes';
import { isReservedUsername } from './reserved-names';
import { type Grant, Sessions } from './sessions.service';
import { looksOf, skeletonOf } from './skeleton';
import { type Credentials, UsersRepository } from './users.repository';
import { Users } from './users.service';

/** A device that signs in. */
export interface Device {
  label: string;
  address: string;
  cookies: readonly string[];
}

export interface NameAndPassword {
  username: string;
  password: string;
}

const log = eventLog('accounts');

/** Members: how a guest becomes one, and how one signs in. */
@Injectable()
export class Accounts {
  readonly #waits = new LogInWaits();

  constructor(
    @Inject(UsersRepository) private readonly repository: UsersRepository,
    @Inject(Users) private readonly users: Users,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(Passwords) private readonly passwords: Passwords,
  ) {}

  /**
   * Makes the guest a member on the same row, so that everything that was theirs stays theirs. The same name and password
   * again answer the same. Throws username_taken, weak_password, already_member, session_ended, overloaded.
   */
  async register(
    guest: { userId: string; sessionId: string },
    { username, password }: NameAndPassword,
  ): Promise<{ session: Session; isNew: boolean }> {
    const key = usernameKey(username);
    const own = await this.repository.findOwnCredentials(guest.userId);
    if (own) {
      const isRepeat = own.key === key && (await this.passwords.verify(own.passwordHash, password));
      if (!isRepeat) throw new DomainError('already_member');
      return { session: await this.sessions.renew(guest), isNew: false };
    }
    requireFree(username);
    requireStrong(password, key);
    const passwordHash = await this.passwords.hash(password);
    const name = { username, key, skeleton: skeletonOf(username), passwordHash };
    if (!(await this.repository.claimLooks(guest.userId, looksOf(username)))) throw new DomainError('username_taken');
    const row = await this.repository.register(guest.userId, name);
    if (!row) throw new DomainError('session_ended');
    if (row.verdict === 'taken') throw new DomainError('username_taken');
    // Another request of the same person was first: its name and password decide.
    if (row.verdict === 'member') return this.register(guest, { username, password });
    this.users.tellChanged(await this.users.require(guest.userId), row.rev!);
    log.info('registered', { userId: guest.userId });
    return { session: await this.sessions.renew(guest), isNew: true };
  }

  /** Makes someone new a member, where there was not even a guest. Throws as register does. */
  async registerNew(nameAndPassword: NameAndPassword, device: Device): Promise<Grant> {
    const { username } = nameAndPassword;
    // Looked up first, so that a name that cannot be had makes no guest.
    requireFree(username);
    if (await this.repository.isTaken(usernameKey(username), skeletonOf(username), looksOf(username)))
      throw new DomainError('username_taken');
    requireStrong(nameAndPassword.password, usernameKey(username));
    const grant = await this.sessions.enter([], undefined, device);
    const guest = { userId: grant.session.user.id, sessionId: grant.sessionId };
    return { ...grant, session: (await this.register(guest, nameAndPassword)).session };
  }

  /** Throws wrong_credentials whichever of the two is wrong; rate_limited after several of them; overloaded. */
  async logIn({ username, password }: NameAndPassword, device: Device): Promise<Grant> {
    const key = usernameKey(username.trim());
    const name = `name ${key}`;
    const address = `address ${addressKey(device.address)}`;
    await this.#waits.begin(address, limits.freeAddressLogInTries);
    await this.#waits.begin(name, limits.freeLogInTries);
    const found = await this.repository.findCredentials(key);
    const isRight = await this.passwords.verify(found?.passwordHash, password.normalize('NFKC'));
    const grant = found && isRight ? await this.sessions.begin(found, device.label, device.cookies) : undefined;
    if (!grant) throw new DomainError('wrong_credentials');
    await Promise.all([this.#waits.forget(name), this.#waits.giveBack(address)]);
    return grant;
  }

  /** New recovery codes, instead of those before. Throws wrong_credentials unless a member gives the password; overloaded. */
  async makeRecoveryCodes(actor: Actor, password: string | undefined): Promise<string[]> {
    const own = await this.repository.findOwnCredentials(actor.userId);
    if (own) await this.#requirePassword(own, password ?? '');
    const codes = Array.from({ length: own ? wire.recoveryCodes : 1 }, newRecoveryCode);
    await this.repository.replaceRecoveryCodes(actor.userId, codes.map(hashRecoveryCode));
    return codes;
  }

  /** Throws wrong_credentials for a code that is none, weak_password, invalid for a member without a new password. */
  async recover({ code, password }: { code: string; password?: string | undefined }, device: Device): Promise<Grant> {
    const address = `address ${addressKey(device.address)}`;
    await this.#waits.begin(address, limits.freeAddressLogInTries);
    const hash = hashRecoveryCode(code);
    const found = await this.repository.findByRecoveryCode(hash);
    if (!found) throw new DomainError('wrong_credentials');
    const isMember = found.key !== null;
    if (isMember && password === undefined)
      throw new DomainError('invalid', { fields: { password: 'is needed: a new one' } });
    if (isMember) requireStrong(password!, found.key!);
    const passwordHash = isMember ? await this.passwords.hash(password!) : undefined;
    const used = await this.repository.useRecoveryCode(hash, passwordHash);
    if (!used) throw new DomainError('wrong_credentials');
    if (isMember) await this.sessions.endAll(used.id, 'revoked');
    const grant = await this.sessions.begin(used, device.label, device.cookies);
    if (!grant) throw new DomainError('wrong_credentials');
    await this.#waits.giveBack(address);
    log.info('recovered', { userId: used.id });
    return grant;
  }

  /** Every other session ends. Throws wrong_credentials, weak_password, forbidden for who has no password, overloaded. */
  async changePassword(actor: Actor, { current, next }: { current: string; next: string }): Promise<void> {
    const own = await this.repository.findOwnCredentials(actor.userId);
    if (!own) throw new DomainError('forbidden');
    await this.#requirePassword(own, current);
    requireStrong(next, own.key);
    const passwordHash = await this.passwords.hash(next);
    if (!(await this.repository.changePassword(actor.userId, own.passwordHash, passwordHash)))
      throw new DomainError('wrong_credentials');
    await this.sessions.endAll(actor.userId, 'revoked', actor.sessionId);
    log.info('password_changed', { userId: actor.userId });
  }

  /** Forgets who the actor was, for ever. Throws wrong_credentials unless a member gives the password; overloaded. */
  async delete(actor: Actor, password: string | undefined): Promise<void> {
    const own = await this.repository.findOwnCredentials(actor.userId);
    if (own) await this.#requirePassword(own, password ?? '');
    await this.users.forget(actor.userId);
    log.info('account_deleted', { userId: actor.userId });
  }

  /** Counts as a try to log in: whoever sits at a device that was left open does not guess faster here. */
  async #requirePassword({ key, passwordHash }: Credentials, password: string): Promise<void> {
    const name = `name ${key}`;
    await this.#waits.begin(name, limits.freeLogInTries);
    if (!(await this.passwords.verify(passwordHash, password.normalize('NFKC'))))
      throw new DomainError('wrong_credentials');
    await this.#waits.forget(name);
  }
}

/** A name that would make its bearer look like someone in charge is nobody's. */
function requireFree(username: string): void {
  if (isReservedUsername(username)) throw new DomainError('username_taken');
}

function requireStrong(password: string, key: string): void {
  if (isCommonPassword(password, key)) throw new DomainError('weak_password');
}
