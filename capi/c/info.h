/*
 * What a struct lws_context_creation_info asks for and this version does not have.
 */
#ifndef GOLWS_INFO_H
#define GOLWS_INFO_H

#include <libwebsockets.h>

/*
 * Nonzero, after a line in the log, where a vhost made without it would be another server than the one that was asked for. What is merely
 * left out is logged as a warning.
 */
int golws_info_refused(const struct lws_context_creation_info *info);

#endif
