import type { Observer } from '../../core/ports/observer.ts';

/** Keeps what it is told, in a line each. */
export class Notes implements Observer {
  readonly lines: string[] = [];

  settled: Observer['settled'] = ({ runId, taskId, url, status, reason }) => {
    this.lines.push(`settled ${runId} ${taskId} ${url} ${reason ?? status}`);
  };
  retrying: Observer['retrying'] = ({ runId }, url, reason) => {
    this.lines.push(`retrying ${runId} ${url} ${reason}`);
  };
  backedOff: Observer['backedOff'] = (host, reason, pauseMs) => {
    this.lines.push(`backed off ${host} ${reason} ${pauseMs}`);
  };
  deferred: Observer['deferred'] = ({ runId, taskId }, targets) => {
    this.lines.push(`deferred ${runId} ${taskId} ${targets}`);
  };
  taskBegun: Observer['taskBegun'] = ({ runId, taskId }) => {
    this.lines.push(`begun ${runId} ${taskId}`);
  };
  taskEnded: Observer['taskEnded'] = ({ task: { runId, taskId }, receiveCount }, end) => {
    const word = end.kind === 'broken' ? String(end.error) : end.kind;
    this.lines.push(`ended ${runId} ${taskId} delivery ${receiveCount} ${word}`);
  };
  poison: Observer['poison'] = (messageId, problem) => {
    this.lines.push(`poison ${messageId} ${problem}`);
  };
  memoryUnreadable: Observer['memoryUnreadable'] = (runId, packs) => {
    this.lines.push(`unreadable ${runId} ${packs}`);
  };
  memoryFailed: Observer['memoryFailed'] = (runId, error) => {
    this.lines.push(`not remembered ${runId} ${String(error)}`);
  };
  receiveFailed: Observer['receiveFailed'] = (error) => {
    this.lines.push(`receive failed ${String(error)}`);
  };

  /** The lines that begin with a word. */
  of(word: string): readonly string[] {
    return this.lines.filter((line) => line.startsWith(`${word} `));
  }
}
