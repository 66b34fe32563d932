/** @file
 * A small generator of pseudo-random numbers, and hooks for faults in tests.
 *
 * Faults are not injected in this configuration: LWS_WITH_SYS_FAULT_INJECTION is not defined, and the lws_fi macros
 * let a program keep its hooks, which cost nothing and never fire.
 */
#ifndef GOLWS_LWS_FAULT_INJECTION_H
#define GOLWS_LWS_FAULT_INJECTION_H

/**
 * State of a xoshiro256** generator (David Blackman and Sebastiano Vigna). Copying it copies the sequence. Good enough
 * for simulations and tests, not for anything secret: use lws_get_random() there.
 */
typedef struct lws_xos {
	/** the state; never all zero */
	uint64_t s[4];
} lws_xos_t;

/**
 * lws_xos_init() - starts a sequence
 *
 * \param xos: the generator, in the program's memory
 * \param seed: any number; the same seed gives the same sequence, everywhere
 *
 * Any thread; a generator that several threads use needs a lock of the program's.
 */
LWS_VISIBLE LWS_EXTERN void
lws_xos_init(struct lws_xos *xos, uint64_t seed);

/**
 * lws_xos() - the next number of a sequence
 *
 * \param xos: the generator
 *
 * Returns it: all 64-bit values are equally frequent.
 */
LWS_VISIBLE LWS_EXTERN uint64_t LWS_WARN_UNUSED_RESULT
lws_xos(struct lws_xos *xos);

/**
 * lws_xos_percent() - true in so many cases of a hundred
 *
 * \param xos: the generator, which moves on by one number
 * \param percent: how often; 0 and less: never, 100 and more: always
 *
 * Returns 1 or 0.
 */
LWS_VISIBLE LWS_EXTERN int LWS_WARN_UNUSED_RESULT
lws_xos_percent(struct lws_xos *xos, int percent);

/**
 * lws_fi() - whether a fault is to be injected
 *
 * \param _fi_name: the set of faults
 * \param _fic: name of the fault
 *
 * 0, and the arguments are not looked at: in this configuration no fault happens.
 */
#define lws_fi(_fi_name, _fic) (0)

/**
 * lws_fi_destroy() - frees a set of faults
 *
 * \param _x: the set, not looked at: there are no faults in this configuration
 */
#define lws_fi_destroy(_x) \
	do { \
	} while (0)

/**
 * lws_fi_inherit_copy() - copies the faults meant for one object into its own set
 *
 * \param _a: the set that receives them
 * \param _b: the set they are in
 * \param _c: the kind of object
 * \param _d: its name
 *
 * Does not look at its arguments: there are no faults in this configuration.
 */
#define lws_fi_inherit_copy(_a, _b, _c, _d) \
	do { \
	} while (0)

/**
 * lws_fi_deserialize() - adds faults described in a text to a set
 *
 * \param _x: the set
 * \param _y: the text
 *
 * Does not look at its arguments: there are no faults in this configuration.
 */
#define lws_fi_deserialize(_x, _y) \
	do { \
	} while (0)

/**
 * lws_fi_user_wsi_fi() - whether a fault of the program's own is to happen on a connection
 *
 * \param _wsi: the connection
 * \param _name: name of the fault
 *
 * 0, and the arguments are not looked at.
 */
#define lws_fi_user_wsi_fi(_wsi, _name) (0)

/**
 * lws_fi_user_context_fi() - whether a fault of the program's own is to happen in a context
 *
 * \param _wsi: the context
 * \param _name: name of the fault
 *
 * 0, and the arguments are not looked at.
 */
#define lws_fi_user_context_fi(_wsi, _name) (0)

/**
 * lws_fi_user_ss_fi() - whether a fault of the program's own is to happen on a secure stream
 *
 * \param _h: the stream
 * \param _name: name of the fault
 *
 * 0, and the arguments are not looked at.
 */
#define lws_fi_user_ss_fi(_h, _name) (0)

/**
 * lws_fi_user_sspc_fi() - whether a fault of the program's own is to happen on a proxied secure stream
 *
 * \param _h: the stream
 * \param _name: name of the fault
 *
 * 0, and the arguments are not looked at.
 */
#define lws_fi_user_sspc_fi(_h, _name) (0)

#endif
