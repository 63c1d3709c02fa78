import { Center } from '@mantine/core';
import { QRCodeSVG } from 'qrcode.react';
import type { ReactNode } from 'react';

/** A text as a QR code, drawn here: nothing leaves the browser. White around it in the dark too, or no camera reads it. */
export const QrCode = ({ text }: { text: string }): ReactNode => (
  <Center>
    <QRCodeSVG value={text} size={192} marginSize={4} title="QR code for your authenticator app" />
  </Center>
);
