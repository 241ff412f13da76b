import type { Actor } from '@cloudhop/api/platform';
import { Injectable } from '@nestjs/common';
import { FriendsRepository } from './friends.repository';

/** Visibility between users, as blocks decide it. */
@Injectable()
export class BlocksService {
  constructor(private readonly repository: FriendsRepository) {}

  /** Returns the ids of all users whom a block of either side keeps apart from the actor. */
  apartFrom(actor: Actor): Promise<ReadonlySet<string>> {
    return this.repository.apartFrom(actor.userId);
  }

  /** Returns the ids without those whom a block of either side keeps apart from the actor: lists leave them out. */
  async visibleIds(actor: Actor, ids: readonly string[]): Promise<string[]> {
    const apart = await this.repository.apart(actor.userId, ids);
    return ids.filter((id) => !apart.has(id));
  }
}
