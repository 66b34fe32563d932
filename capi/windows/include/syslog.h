#ifndef GOLWS_WINDOWS_SYSLOG_H
#define GOLWS_WINDOWS_SYSLOG_H

enum { LOG_ERR = 3, LOG_WARNING, LOG_NOTICE, LOG_INFO, LOG_DEBUG };

/* Goes to the debugger, where programs for Windows log that have no console. */
void syslog(int priority, const char *format, ...) __attribute__((format(gnu_printf, 2, 3)));

#endif
