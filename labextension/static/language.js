/** AIBasic as a language of JupyterLab's editor, and `.aib` as a kind of file. */

import { partsOf } from './line.js';
import { noMarks } from './marks.js';
import { shared } from './shared.js';
import { ICON } from './icon.js';

export const MIME = 'text/x-aibasic';

/**
 * What CodeMirror's StreamLanguage drives: it reads a line at its start and then hands out its parts.
 *
 * @param {object} tags those of `@lezer/highlight`
 */
function streamParser(tags) {
  return {
    name: 'aibasic',
    startState: () => ({ marks: noMarks(), parts: [] }),
    copyState: ({ marks, parts }) => ({ marks: { ...marks }, parts: [...parts] }),
    token(stream, state) {
      if (stream.sol()) {
        state.parts = partsOf(stream.string, state.marks);
      }
      if (state.parts.length && stream.pos === state.parts[0].from) {
        const part = state.parts.shift();
        stream.pos = part.to;
        return part.style;
      }
      stream.pos = state.parts[0]?.from ?? stream.string.length;
      return null;
    },
    tokenTable: {
      command: [tags.special(tags.variableName), tags.strong],
      flow: tags.keyword,
      lineNumber: tags.labelName,
      magic: tags.meta,
      task: tags.special(tags.variableName)
    },
    languageData: { commentTokens: { line: '#' }, closeBrackets: { brackets: ['(', '[', '{', '"'] } }
  };
}

/**
 * Register the language with the editors.
 *
 * @param {object} languages JupyterLab's IEditorLanguageRegistry
 */
export async function addLanguage(languages) {
  const { LanguageSupport, StreamLanguage } = await shared('@codemirror/language');
  const { tags } = await shared('@lezer/highlight');
  languages.addLanguage({
    name: 'aibasic',
    displayName: 'AIBasic',
    mime: MIME,
    extensions: ['aib'],
    support: new LanguageSupport(StreamLanguage.define(streamParser(tags)))
  });
}

/**
 * Register the file type.
 *
 * @param {object} files JupyterLab's document registry
 */
export async function addFileType(files) {
  const { LabIcon } = await shared('@jupyterlab/ui-components');
  files.addFileType({
    name: 'aibasic',
    displayName: 'AIBasic Program',
    mimeTypes: [MIME],
    extensions: ['.aib'],
    icon: new LabIcon({ name: 'aibasic:program', svgstr: ICON })
  });
}
