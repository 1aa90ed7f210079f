/** The state of one notebook's or console's session, as its kernel tells it over a comm. */

import { shared } from './shared.js';

const { Signal } = await shared('@lumino/signaling');

const TARGET = 'aibasic.session';
const IN_PYTHON = /^\s*%(?:%?aibasic\b|load_ext\s+aibasic_kernel\b)/m;

/**
 * @typedef {Object} Connection a configured service
 * @property {string} name its section
 * @property {string} variable
 * @property {string} state
 * @property {string} where "" before it is connected
 * @property {boolean} production
 * @property {boolean} readonly
 */

/**
 * @typedef {Object} SessionState
 * @property {string} model "" where the configuration names none, or no cell has run yet
 * @property {boolean} frozen
 * @property {string} cost
 * @property {number} tokens
 * @property {Connection[]} connections
 * @property {Array<{cell: string, number: number, text: string}>} program
 * @property {boolean} trace
 * @property {boolean} immediate
 */

/**
 * Follows the kernel of a widget through restarts and changes. An AIBasic kernel has the comm's target from its start;
 * another one may have it once a cell used the magic, and is not asked before.
 */
export class SessionWatch {
  /** @param {object} widget a NotebookPanel or ConsolePanel */
  constructor(widget) {
    this.widget = widget;
    /** @type {?SessionState} */
    this.state = null;
    this.changed = new Signal(this);
    this._comm = null;
    this._asked = false;
    const context = widget.sessionContext;
    context.kernelChanged.connect(this._begin, this);
    context.statusChanged.connect(this._onStatus, this);
    widget.disposed.connect(() => Signal.clearData(this));
    this._begin();
  }

  /** Take note that a cell has run; one that used the magic may have given the kernel a session. */
  ran(source) {
    if (!this._comm && IN_PYTHON.test(source)) {
      this._open(this._kernel);
    }
  }

  get _kernel() {
    return this.widget.sessionContext.session?.kernel ?? null;
  }

  _onStatus(context, status) {
    if (status.endsWith('restarting') || status === 'dead' || status === 'terminating') {
      this._forget();
    } else if (status === 'idle' && !this._asked) {
      this._begin();
    }
  }

  _forget() {
    this._comm = null;
    this._asked = false;
    this._set(null);
  }

  async _begin() {
    const kernel = this._kernel;
    this._forget();
    if (kernel === null) {
      return;
    }
    this._asked = true;
    const { language_info: language } = await kernel.info;
    if (kernel === this._kernel && this._comm === null && language.name === 'aibasic') {
      this._open(kernel);
    }
  }

  /** A kernel without the target closes the comm at once. */
  _open(kernel) {
    if (!kernel?.handleComms) {
      return;
    }
    const comm = (this._comm = kernel.createComm(TARGET));
    const isOurs = () => this._comm === comm;
    comm.onMsg = message => isOurs() && this._set(message.content.data);
    comm.onClose = () => isOurs() && ((this._comm = null), this._set(null));
    comm.open();
  }

  _set(state) {
    this.state = state;
    this.changed.emit(state);
  }
}
