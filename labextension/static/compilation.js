/** The renderer of a compiled line: its title, and folded the Python with what can be done with it. */

import { OWN_KEYS, button, element } from './elements.js';
import { explain } from './explanation.js';
import { MIME } from './language.js';
import { shared } from './shared.js';

const { Clipboard } = await shared('@jupyterlab/apputils');
const { Widget } = await shared('@lumino/widgets');

export const COMPILATION_MIME = 'application/vnd.aibasic.compilation+json';
const BEFORE_HTML = 40; // text/html has 50, and who comes first is chosen

/**
 * @typedef {Object} Compilation What the kernel sends of a compiled line.
 * @property {number|null} line
 * @property {string} sentence without number
 * @property {string} python
 * @property {[string, string]} origin
 * @property {string} [title] the line as written; notebooks of earlier versions lack it and what follows
 * @property {string} [author]
 * @property {boolean} [production]
 * @property {string} [price] what this run cost: the kernel tells it once and never saves it
 * @property {string} [progress] where a loop is
 */

/** The browser's own clipboard exists on secure origins; the other way works everywhere, but takes the focus away. */
async function copyText(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
  } else {
    Clipboard.copyToSystem(text);
  }
}

class CompiledLine extends Widget {
  /**
   * @param {object} languages JupyterLab's IEditorLanguageRegistry
   * @param {function(HTMLElement): ?object} kernelOf the kernel of the notebook or console that an element stands in
   */
  constructor(languages, kernelOf) {
    super();
    this.addClass('aib-Line');
    this._languages = languages;
    this._kernelOf = kernelOf;
    this._price = '';
    this._shown = '';
  }

  /** @param {object} model the MIME model of an output */
  async renderModel(model) {
    /** @type {Compilation} */
    const data = model.data[COMPILATION_MIME];
    const title = data.title ?? [data.line, data.sentence].filter(part => part !== null).join(' ');
    const same = this._shown === title + data.python;
    this._price = data.price || (same ? this._price : '');
    if (!same) {
      this._shown = title + data.python;
      this._title = element('code', { class: 'aib-Line-title' });
      this._notes = element('span', { class: 'aib-Line-notes' });
      this.node.replaceChildren(this._details(data, title));
      await this._languages.highlight(title, this._languages.findByMIME(MIME), this._title);
    }
    const notes = [data.author ?? `by ${data.origin[0]}`, this._price, data.progress].filter(Boolean);
    this._notes.replaceChildren(...notes.map(note => element('span', {}, note)));
  }

  _details(data, title) {
    const code = element('code');
    const python = data.python.trimEnd();
    this._languages.highlight(python, this._languages.findByMIME('text/x-python'), code);
    const production = data.production ? [element('strong', { class: 'aib-Production' }, 'PRODUCTION')] : [];
    return element(
      'details',
      {},
      element('summary', OWN_KEYS, ...production, this._title, this._notes),
      element('pre', { class: 'aib-Line-python', tabindex: '0', 'aria-label': `Python of ${title}` }, code),
      ...this._actions(data, title, python)
    );
  }

  _actions(data, title, python) {
    const told = element('div', { class: 'aib-Line-told', role: 'status' });
    const copy = button('copy', `Copy the Python of ${title}`, async () => {
      await copyText(python);
      copy.focus();
      told.replaceChildren('copied');
    });
    const ask = button('explain', `Explain ${title}`, () => this._explain(data, title, told, ask));
    return [element('div', { class: 'aib-Line-actions' }, copy, ask), told];
  }

  async _explain(data, title, told, ask) {
    const kernel = this._kernelOf(this.node);
    if (!kernel) {
      told.replaceChildren('no kernel is running: start one, and run the cell again');
      return;
    }
    ask.setAttribute('aria-disabled', 'true');
    told.replaceChildren('asking the kernel …');
    try {
      told.replaceChildren(element('pre', {}, await explain(kernel, data.line, title)));
    } catch (error) {
      told.replaceChildren(`the kernel did not answer: ${error.message}`);
    } finally {
      ask.removeAttribute('aria-disabled');
    }
  }
}

/**
 * Have compiled lines rendered, in trusted notebooks and in others: nothing of an output becomes HTML here.
 *
 * @param {object} rendermime JupyterLab's IRenderMimeRegistry
 * @param {object} languages JupyterLab's IEditorLanguageRegistry
 * @param {Array<object>} trackers of the widgets that have a kernel and outputs
 */
export function addRenderer(rendermime, languages, trackers) {
  const kernelOf = node => {
    const hosts = trackers.map(tracker => tracker.find(widget => widget.node.contains(node)));
    return hosts.find(Boolean)?.sessionContext.session?.kernel ?? null;
  };
  rendermime.addFactory(
    { safe: true, mimeTypes: [COMPILATION_MIME], createRenderer: () => new CompiledLine(languages, kernelOf) },
    BEFORE_HTML
  );
}
