#ifndef GOLWS_LWS_LOGS_H
#define GOLWS_LWS_LOGS_H

/** @file
 * Logging.
 *
 * A log line has a level, one bit of the LLL_ set. A line passes two gates: the level
 * must be compiled in (_LWS_ENABLED_LOGS, decided where this header is included) and it must be
 * enabled at run time (lws_set_log_level()). What passes is formatted and handed, as one string, to the emit
 * function, which writes to stderr unless the program sets another.
 *
 * Every function here may be called from any thread, before any context exists and after
 * the last one is gone.
 */

/** Something failed and the program or its operator should act. */
#define LLL_ERR			(1 << 0)
/** Unusual, but handled. */
#define LLL_WARN		(1 << 1)
/** Rare events of normal life: a listener opened, a context destroyed. */
#define LLL_NOTICE		(1 << 2)
/** Events per connection. */
#define LLL_INFO		(1 << 3)
/** Details that only help while debugging. */
#define LLL_DEBUG		(1 << 4)
/** Protocol parsers. */
#define LLL_PARSER		(1 << 5)
/** HTTP headers as they come and go. */
#define LLL_HEADER		(1 << 6)
/** WebSocket extensions. */
#define LLL_EXT			(1 << 7)
/** Client connections. */
#define LLL_CLIENT		(1 << 8)
/** Things that took long. */
#define LLL_LATENCY		(1 << 9)
/** For the program's own lines; the library itself does not use it. */
#define LLL_USER		(1 << 10)
/** Locks and threads. */
#define LLL_THREAD		(1 << 11)

/** Number of levels. */
#define LLL_COUNT		(12)

/**
 * Which levels are compiled into the code that includes this header: all of them in a debug build
 * (_DEBUG, which lws_config.h defines unless NDEBUG is defined), otherwise only those that an operator
 * wants to see. LWS_LOGGING_BITFIELD_SET and _CLEAR of lws_config.h force single levels in or out.
 */
#if defined(_DEBUG)
#if defined(LWS_WITH_NO_LOGS)
#define _LWS_LINIT (LLL_ERR | LLL_USER)
#else
#define _LWS_LINIT ((1 << LLL_COUNT) - 1)
#endif
#else
#if defined(LWS_WITH_NO_LOGS)
#define _LWS_LINIT (LLL_ERR | LLL_USER)
#else
#define _LWS_LINIT (LLL_ERR | LLL_USER | LLL_WARN | LLL_NOTICE)
#endif
#endif

/** Levels that LWS_LOGGING_BITFIELD_SET of lws_config.h adds. */
#if defined(LWS_LOGGING_BITFIELD_SET)
#define _LWS_LBS (LWS_LOGGING_BITFIELD_SET)
#else
#define _LWS_LBS 0
#endif

/** Levels that LWS_LOGGING_BITFIELD_CLEAR of lws_config.h takes away. */
#if defined(LWS_LOGGING_BITFIELD_CLEAR)
#define _LWS_LBC (LWS_LOGGING_BITFIELD_CLEAR)
#else
#define _LWS_LBC 0
#endif

/** The levels compiled in here. */
#define _LWS_ENABLED_LOGS (((_LWS_LINIT) | (_LWS_LBS)) & ~(_LWS_LBC))

/**
 * _lws_log() - log one line, printf style
 *
 * \param filter: the line's level, one LLL_ bit
 * \param format: as for printf(); end it with a newline, none is added
 *
 * The lwsl_err() family of macros is the usual way to call it. A line of more than
 * 1,023 bytes is cut to that length and ends in "...\n". The arguments are evaluated even when the level is disabled at
 * run time; they are not when it is compiled out.
 */
LWS_VISIBLE LWS_EXTERN void
_lws_log(int filter, const char *format, ...) LWS_FORMAT(2);

/**
 * _lws_logv() - log one line, with the arguments as a va_list
 *
 * \param filter: the line's level, one LLL_ bit
 * \param format: as for vprintf()
 * \param vl: the arguments; as with vprintf(), its value is indeterminate afterwards
 *
 * Otherwise as _lws_log().
 */
LWS_VISIBLE LWS_EXTERN void
_lws_logv(int filter, const char *format, va_list vl);

/**
 * lwsl_err() - log one line at the level of the macro's name, printf style
 *
 * End the format with a newline, none is added. There is one macro for each level; one whose level is not in
 * _LWS_ENABLED_LOGS compiles to nothing.
 */
#if (_LWS_ENABLED_LOGS & LLL_ERR)
#define lwsl_err(...) _lws_log(LLL_ERR, __VA_ARGS__)
#else
#define lwsl_err(...) do {} while (0)
#endif

/** As lwsl_err(), at LLL_WARN. */
#if (_LWS_ENABLED_LOGS & LLL_WARN)
#define lwsl_warn(...) _lws_log(LLL_WARN, __VA_ARGS__)
#else
#define lwsl_warn(...) do {} while (0)
#endif

/** As lwsl_err(), at LLL_NOTICE. */
#if (_LWS_ENABLED_LOGS & LLL_NOTICE)
#define lwsl_notice(...) _lws_log(LLL_NOTICE, __VA_ARGS__)
#else
#define lwsl_notice(...) do {} while (0)
#endif

/** As lwsl_err(), at LLL_INFO. */
#if (_LWS_ENABLED_LOGS & LLL_INFO)
#define lwsl_info(...) _lws_log(LLL_INFO, __VA_ARGS__)
#else
#define lwsl_info(...) do {} while (0)
#endif

/** As lwsl_err(), at LLL_DEBUG. */
#if (_LWS_ENABLED_LOGS & LLL_DEBUG)
#define lwsl_debug(...) _lws_log(LLL_DEBUG, __VA_ARGS__)
#else
#define lwsl_debug(...) do {} while (0)
#endif

/** As lwsl_err(), at LLL_PARSER. */
#if (_LWS_ENABLED_LOGS & LLL_PARSER)
#define lwsl_parser(...) _lws_log(LLL_PARSER, __VA_ARGS__)
#else
#define lwsl_parser(...) do {} while (0)
#endif

/** As lwsl_err(), at LLL_HEADER. */
#if (_LWS_ENABLED_LOGS & LLL_HEADER)
#define lwsl_header(...) _lws_log(LLL_HEADER, __VA_ARGS__)
#else
#define lwsl_header(...) do {} while (0)
#endif

/** As lwsl_err(), at LLL_EXT. */
#if (_LWS_ENABLED_LOGS & LLL_EXT)
#define lwsl_ext(...) _lws_log(LLL_EXT, __VA_ARGS__)
#else
#define lwsl_ext(...) do {} while (0)
#endif

/** As lwsl_err(), at LLL_CLIENT. */
#if (_LWS_ENABLED_LOGS & LLL_CLIENT)
#define lwsl_client(...) _lws_log(LLL_CLIENT, __VA_ARGS__)
#else
#define lwsl_client(...) do {} while (0)
#endif

/** As lwsl_err(), at LLL_LATENCY. */
#if (_LWS_ENABLED_LOGS & LLL_LATENCY)
#define lwsl_latency(...) _lws_log(LLL_LATENCY, __VA_ARGS__)
#else
#define lwsl_latency(...) do {} while (0)
#endif

/** As lwsl_err(), at LLL_THREAD. */
#if (_LWS_ENABLED_LOGS & LLL_THREAD)
#define lwsl_thread(...) _lws_log(LLL_THREAD, __VA_ARGS__)
#else
#define lwsl_thread(...) do {} while (0)
#endif

/** As lwsl_err(), at LLL_USER. */
#if (_LWS_ENABLED_LOGS & LLL_USER)
#define lwsl_user(...) _lws_log(LLL_USER, __VA_ARGS__)
#else
#define lwsl_user(...) do {} while (0)
#endif

/** lwsl_hexdump_level() at the level of the macro's name. */
#define lwsl_hexdump_err(...) lwsl_hexdump_level(LLL_ERR, __VA_ARGS__)
#define lwsl_hexdump_warn(...) lwsl_hexdump_level(LLL_WARN, __VA_ARGS__)
#define lwsl_hexdump_notice(...) lwsl_hexdump_level(LLL_NOTICE, __VA_ARGS__)
#define lwsl_hexdump_info(...) lwsl_hexdump_level(LLL_INFO, __VA_ARGS__)
#define lwsl_hexdump_debug(...) lwsl_hexdump_level(LLL_DEBUG, __VA_ARGS__)

/**
 * lwsl_hexdump_level() - log the bytes of a buffer
 *
 * \param level: the level to log at, one LLL_ bit
 * \param vbuf: the bytes; only read, not kept
 * \param len: how many
 *
 * Sixteen bytes to a line, each line logged on its own: offset in hex, the bytes in hex, the printable ones as
 * text; an empty line before and after the whole. A length of 0 or a NULL buffer is said in words. Nothing
 * is read or formatted unless the level is enabled.
 */
LWS_VISIBLE LWS_EXTERN void
lwsl_hexdump_level(int level, const void *vbuf, size_t len);

/**
 * lwsl_hexdump() - log the bytes of a buffer at level LLL_DEBUG
 *
 * \param buf: the bytes
 * \param len: how many
 */
LWS_VISIBLE LWS_EXTERN void
lwsl_hexdump(const void *buf, size_t len);

/**
 * lws_is_be() - is this a big-endian machine
 *
 * Returns nonzero if so.
 */
static LWS_INLINE int
lws_is_be(void)
{
	const unsigned short one = 1;

	return !*(const unsigned char *)&one;
}

/**
 * lws_set_log_level() - choose what is logged and where it goes
 *
 * \param level: the LLL_ bits to enable, or-ed; all others are disabled
 * \param log_emit_function: gets every line from now on; NULL keeps the present one
 *
 * Until the first call, LLL_ERR, LLL_WARN and LLL_NOTICE are enabled and lines go to lwsl_emit_stderr().
 *
 * The emit function gets the level of the line and the line, with its newline and without a timestamp (see
 * lwsl_timestamp()). The line is valid only during the call. It may be called from several threads at the same
 * time, also from threads of the library. It may log itself, if it takes care of the recursion.
 *
 * Both settings are of the whole process, not of a context.
 */
LWS_VISIBLE LWS_EXTERN void
lws_set_log_level(int level,
		  void (*log_emit_function)(int level, const char *line));

/**
 * lwsl_timestamp() - format the prefix that lwsl_emit_stderr() puts before a line
 *
 * \param level: level of the line, exactly one LLL_ bit
 * \param p: gets the text, always NUL-terminated when \p len is not 0
 * \param len: size of \p p; 32 is enough
 *
 * The text is local time with a resolution of 100 us and the level's letter, one of EWNIDPHXCLUT in
 * order of the bits: "[2021/07/01 12:00:00:1234] N: ".
 *
 * Returns the length of the text, 0 (and an empty text) if \p level is not one LLL_ bit.
 */
LWS_VISIBLE LWS_EXTERN int
lwsl_timestamp(int level, char *p, size_t len);

/**
 * lwsl_emit_syslog() - emit function that writes to syslog(3)
 *
 * \param level: level of the line
 * \param line: the line
 *
 * For lws_set_log_level(). LLL_ERR, LLL_WARN, LLL_NOTICE and LLL_INFO go to the syslog priority of that name, all
 * others to LOG_DEBUG. The program calls openlog() if it wants an identity or facility.
 */
LWS_VISIBLE LWS_EXTERN void
lwsl_emit_syslog(int level, const char *line);

/**
 * lwsl_emit_stderr() - emit function that writes to stderr, with a timestamp
 *
 * \param level: level of the line
 * \param line: the line
 *
 * This is the default emit function. The text before the line is that of lwsl_timestamp(). If stderr was a
 * terminal at the first line, lines are coloured by level.
 */
LWS_VISIBLE LWS_EXTERN void
lwsl_emit_stderr(int level, const char *line);

/**
 * lwsl_emit_stderr_notimestamp() - emit function that writes to stderr, without a timestamp
 *
 * \param level: level of the line
 * \param line: the line
 *
 * For lws_set_log_level(); for programs whose stderr is stamped by something else. Colours as with
 * lwsl_emit_stderr().
 */
LWS_VISIBLE LWS_EXTERN void
lwsl_emit_stderr_notimestamp(int level, const char *line);

/**
 * lwsl_visible() - would a line be logged
 *
 * \param level: LLL_ bits
 *
 * Returns those of the bits that are enabled at run time, 0 if none. For saving the work of making a line
 * that nobody sees.
 */
LWS_VISIBLE LWS_EXTERN int
lwsl_visible(int level);

struct lws;

/**
 * lws_wsi_tag() - a name of a connection for log lines
 *
 * \param wsi: the connection; NULL gives "[null wsi]"
 *
 * Returns a text in square brackets that stays the same while the connection lives and is valid as
 * long. It belongs to the library.
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_wsi_tag(struct lws *wsi);

#endif
