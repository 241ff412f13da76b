import type { MessagesDictionary } from './dictionary';

export const zhHansMessages: MessagesDictionary = {
  reply: {
    to: '回复',
    answering: '回复 {{name}}',
    cancel: '不回复了',
    gone: '被回复的消息已经不在了',
    hidden: '这是你不想听的人说的',
    label: '回复 {{name}}。{{label}}',
    someone: '一条消息',
  },
  forward: {
    mark: '转发',
    title: '转发到',
    field: '一个人、聊天或房间',
    sent: '已转发到 {{name}}',
  },
  reactions: {
    title: '谁回应了',
    kinds: '哪一种回应',
    all: '全部',
    loading: '正在看是谁…',
    others: '另外 {{count}} 人',
  },
  edits: {
    title: '之前说了什么',
    hint: '只有作者和管理员看得到。消息删除时，这些也会一并消失。',
    loading: '正在查询…',
    now: '现在的样子',
  },
  day: {
    title: '跳到某一天',
    jump: '跳到另一天',
    first: '最开始',
    choose: '或选一天',
    go: '前往',
  },
  link: {
    copied: '已复制链接',
  },
  suggest: {
    label: '你可能想说的',
  },
  permalink: {
    title: '无法显示这条消息',
    text: '它可能已被删除、已过期，或在你进不去的地方。给你链接的人也许知道。',
    lobby: '前往大厅',
    loading: '正在寻找这条消息',
  },
};
