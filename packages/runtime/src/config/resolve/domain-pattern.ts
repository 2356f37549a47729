/** Letters, digits, hyphens and underscores between dots; internationalized names in either form (RFC 5890); `*.` before them. */
export const DOMAIN_PATTERN = /^(\*\.)?[\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)*\.?$/u;
