import { PersonalFeedPublisher, writtenState } from '@cloudhop/api/personal-feed';
import type { Actor } from '@cloudhop/api/platform';
import { type PersonalSettings, defaultSettings } from '@cloudhop/contracts';
import { Injectable } from '@nestjs/common';
import { type SettingsRow, toPersonalSettings } from './friend-rows';
import { FriendsRepository } from './friends.repository';

/** Settings of who may reach and see a user. */
@Injectable()
export class PersonalSettingsService {
  constructor(
    private readonly repository: FriendsRepository,
    private readonly personalFeeds: PersonalFeedPublisher,
  ) {}

  async get(actor: Actor): Promise<PersonalSettings> {
    const row = await this.repository.settings(actor.userId);
    return row ? toPersonalSettings(row) : defaultSettings;
  }

  async change(actor: Actor, change: Partial<PersonalSettings>): Promise<PersonalSettings> {
    const rows = await this.repository.changeSettings(actor.userId, change);
    this.personalFeeds.publish(rows);
    return toPersonalSettings(writtenState<SettingsRow>(rows, actor.userId, 'settings'));
  }
}
