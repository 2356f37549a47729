/** The MTAs of the zoo, the most widely used first. */
import type { Mta } from "../mta.ts";
import { CHASQUID } from "./chasquid.ts";
import { COURIER } from "./courier.ts";
import { DMA } from "./dma.ts";
import { EXIM } from "./exim.ts";
import { NULLMAILER } from "./nullmailer.ts";
import { OPENSMTPD } from "./opensmtpd.ts";
import { POSTFIX } from "./postfix.ts";
import { SENDMAIL } from "./sendmail.ts";

export const MTAS: readonly Mta[] = [POSTFIX, EXIM, OPENSMTPD, SENDMAIL, DMA, COURIER, CHASQUID, NULLMAILER];
