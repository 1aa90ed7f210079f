/** The icon of programs and of the session's panel; it takes the colours of the theme. */

export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <g class="jp-icon3" fill="#616161" font-family="monospace" font-weight="bold" font-size="9.5">
    <path d="M5 2a3 3 0 0 0-3 3v14a3 3 0 0 0 3 3h14a3 3 0 0 0 3-3V5a3 3 0 0 0-3-3zm0 2h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1z"/>
    <path d="M6 7h3v2H6zm5 0h7v2h-7zM6 11h3v2H6zm5 0h5v2h-5zM6 15h3v2H6zm5 0h7v2h-7z"/>
  </g>
</svg>`;
