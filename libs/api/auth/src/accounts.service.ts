import { type RouteBody, limits as wire, usernameKey } from '@cloudhop/contracts';
import {
  type Actor,
  DomainError,
  addressKey,
  eventLog,
  LimitStore,
  limits,
  SECRETS,
  type Secrets,
} from '@cloudhop/api/platform';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidV7 } from 'uuid';
import { findDeviceId } from './device-cookies';
import { LogInTries } from './log-in-tries';
import { isCommonPassword, PasswordsService } from './passwords.service';
import { PersonalFeedPublisher } from '@cloudhop/api/personal-feed';
import { hashRecoveryCode, newRecoveryCode } from './recovery-codes';
import { isReservedUsername } from './reserved-names';
import { SessionCutsService } from './session-cuts.service';
import { type Grant, SessionsService } from './sessions.service';
import { looksOf, skeletonOf } from './skeleton';
import { type Credentials, UsersRepository } from './users.repository';
import { UsersService } from './users.service';

/** A device that signs in. */
export interface Device {
  label: string;
  address: string;
  /** Refresh tokens that the request carries. */
  refreshTokens: readonly string[];
  /** Values of the device cookie that the request carries. */
  deviceCookies: readonly string[];
}

export interface NameAndPassword {
  username: string;
  password: string;
}

const log = eventLog('accounts');

/** Accounts of members: registration, log-in, recovery and deletion. */
@Injectable()
export class AccountsService {
  readonly #tries: LogInTries;

  constructor(
    private readonly repository: UsersRepository,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordsService,
    private readonly cuts: SessionCutsService,
    private readonly personalFeeds: PersonalFeedPublisher,
    limitStore: LimitStore,
    @Inject(SECRETS) private readonly secrets: Secrets,
  ) {
    this.#tries = new LogInTries(limitStore);
  }

  /**
   * Makes the guest a member on the same row, which keeps everything that is theirs, and replaces the session. Idempotent
   * for the same name and password. Throws username_taken, weak_password, already_member, session_ended, overloaded,
   * rate_limited.
   */
  async register(
    guest: { userId: string; sessionId: string },
    { username, password }: NameAndPassword,
  ): Promise<Grant> {
    const { userId, sessionId } = guest;
    const key = usernameKey(username);
    const own = await this.repository.findOwnCredentials(userId);
    if (own) {
      if (own.key !== key || !(await this.#isPassword(sessionId, own, password)))
        throw new DomainError('already_member');
      return this.sessions.resume(guest);
    }
    requireFree(username);
    requireStrong(password, key);
    const passwordHash = await this.passwords.hash(password, 'unknown');
    const name = { username, key, skeleton: skeletonOf(username), passwordHash };
    if (!(await this.repository.claimLooks(userId, looksOf(username)))) throw new DomainError('username_taken');
    const successorId = uuidV7();
    const succession = { sessionId, successorId, sessionMs: limits.memberSessionMs };
    const row = await this.repository.register(userId, name, succession);
    if (!row) throw new DomainError('session_ended');
    if (row.verdict === 'taken') throw new DomainError('username_taken');
    // Another request of the same person was first: its name and password decide.
    if (row.verdict === 'member') return this.register(guest, { username, password });
    this.cuts.endReplaced(row.ended!);
    this.users.publishChanged(await this.users.require(userId), row.rev! - 1);
    this.sessions.publishState(userId, row.rev!, successorId, 'active');
    log.info('registered', { userId });
    return { ...(await this.sessions.resume({ userId, sessionId: successorId })), isNew: true };
  }

  /** Registers a member without a former guest. Throws as register does. */
  async registerNew(nameAndPassword: NameAndPassword, device: Device): Promise<Grant> {
    const { username } = nameAndPassword;
    // Looked up first, so that a taken name creates no guest.
    requireFree(username);
    if (await this.repository.isTaken(usernameKey(username), skeletonOf(username), looksOf(username)))
      throw new DomainError('username_taken');
    requireStrong(nameAndPassword.password, usernameKey(username));
    const { session, sessionId } = await this.sessions.enter([], undefined, device);
    return this.register({ userId: session.user.id, sessionId }, nameAndPassword);
  }

  /**
   * Begins a session. Throws wrong_credentials for a wrong username or password, rate_limited after several of them,
   * overloaded.
   */
  async logIn({ username, password }: NameAndPassword, device: Device): Promise<Grant> {
    const name = usernameKey(username.trim());
    const deviceId = findDeviceId(this.secrets.refreshKey, device.deviceCookies, name);
    const trier = { name, address: addressKey(device.address), deviceId };
    const grant = await this.#tries.attempt(trier, async (lane) => {
      const found = await this.repository.findCredentials(name);
      const isRight = await this.passwords.verify(found?.passwordHash, password.normalize('NFKC'), lane);
      return found && isRight ? this.sessions.begin(found, device.label, device.refreshTokens) : undefined;
    });
    if (!grant) throw new DomainError('wrong_credentials');
    return grant;
  }

  /** Replaces the recovery codes. Throws wrong_credentials unless a member gives the password; overloaded. */
  async makeRecoveryCodes(actor: Actor, password: string | undefined): Promise<string[]> {
    const own = await this.repository.findOwnCredentials(actor.userId);
    if (own) await this.#requirePassword(actor, own, password ?? '');
    const codes = Array.from({ length: own ? wire.recoveryCodes : 1 }, newRecoveryCode);
    await this.repository.replaceRecoveryCodes(actor.userId, own?.passwordHash ?? null, codes.map(hashRecoveryCode));
    return codes;
  }

  /**
   * Begins a session by a recovery code. A member sets a new password, which ends all other sessions and, unless
   * `keepsTokens`, the API tokens. Throws wrong_credentials for an unknown code, weak_password, invalid for a member
   * without a new password, rate_limited, overloaded.
   */
  async recover({ code, password, keepsTokens }: RouteBody<'auth.recover'>, device: Device): Promise<Grant> {
    const hash = hashRecoveryCode(code);
    const trier = { name: `code ${hash.toString('hex')}`, address: addressKey(device.address) };
    const found = await this.#tries.attempt(trier, () => this.repository.findByRecoveryCode(hash));
    if (!found) throw new DomainError('wrong_credentials');
    const isMember = found.key !== null;
    if (isMember && password === undefined)
      throw new DomainError('invalid', { fields: { password: 'is required: choose a new password' } });
    if (isMember) requireStrong(password!, found.key!);
    const passwordHash = isMember ? await this.passwords.hash(password!, 'unknown') : undefined;
    const used = await this.repository.useRecoveryCode(hash, passwordHash, keepsTokens);
    if (!used) throw new DomainError('wrong_credentials');
    this.cuts.endWritten(used.written, 'revoked');
    this.personalFeeds.publish(used.written);
    const grant = await this.sessions.begin(used, device.label, device.refreshTokens);
    if (!grant) throw new DomainError('wrong_credentials');
    log.info('recovered', { userId: used.id });
    return grant;
  }

  /**
   * Replaces the password, and ends every other session and, unless `keepsTokens`, the API tokens. Throws
   * wrong_credentials, weak_password, forbidden for a user without a password, overloaded.
   */
  async changePassword(actor: Actor, { current, next, keepsTokens }: RouteBody<'auth.password'>): Promise<void> {
    const own = await this.repository.findOwnCredentials(actor.userId);
    if (!own) throw new DomainError('forbidden');
    await this.#requirePassword(actor, own, current);
    requireStrong(next, own.key);
    const written = await this.repository.changePassword(actor.userId, {
      before: own.passwordHash,
      after: await this.passwords.hash(next),
      keptSessionId: actor.sessionId,
      keepsTokens: keepsTokens ?? false,
    });
    if (!written) throw new DomainError('wrong_credentials');
    this.cuts.endWritten(written, 'revoked');
    this.personalFeeds.publish(written);
    log.info('password_changed', { userId: actor.userId });
  }

  /** Deletes the actor's account for good. Throws wrong_credentials unless a member gives the password; overloaded. */
  async delete(actor: Actor, password: string | undefined): Promise<void> {
    const own = await this.repository.findOwnCredentials(actor.userId);
    if (own) await this.#requirePassword(actor, own, password ?? '');
    await this.users.forget(actor.userId);
    log.info('account_deleted', { userId: actor.userId });
  }

  async #requirePassword({ sessionId }: Actor, own: Credentials, password: string): Promise<void> {
    if (!(await this.#isPassword(sessionId, own, password))) throw new DomainError('wrong_credentials');
  }

  /**
   * Counts tries by session: an unattended device guesses no faster, and strangers' tries don't lock it out. Throws
   * rate_limited.
   */
  async #isPassword(sessionId: string, { passwordHash }: Credentials, password: string): Promise<boolean> {
    const isRight = await this.#tries.attempt({ sessionId }, async (lane) =>
      (await this.passwords.verify(passwordHash, password.normalize('NFKC'), lane)) ? true : undefined,
    );
    return isRight === true;
  }
}

/** Throws username_taken for a reserved username. */
function requireFree(username: string): void {
  if (isReservedUsername(username)) throw new DomainError('username_taken');
}

function requireStrong(password: string, key: string): void {
  if (isCommonPassword(password, key)) throw new DomainError('weak_password');
}
