#ifndef GOLWS_HEX_H
#define GOLWS_HEX_H

/* Value of a hex digit of either case, -1 for anything else. */
int golws_hex_digit(char c);

#endif
