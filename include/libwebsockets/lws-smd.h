/** @file
 * System messages: types that struct lws_context_creation_info and struct lws_state_manager mention. The
 * messages themselves are not part of this version.
 */
#ifndef GOLWS_LWS_SMD_H
#define GOLWS_LWS_SMD_H

/** A set of message classes, one bit each. */
typedef uint32_t lws_smd_class_t;

/**
 * lws_smd_notification_cb_t - receives system messages
 *
 * \param opaque: the pointer given at registration
 * \param _class: the class of the message, one bit
 * \param timestamp: when it was sent, microseconds of CLOCK_MONOTONIC
 * \param buf: the message, valid during the call
 * \param len: its length in bytes
 */
typedef int (*lws_smd_notification_cb_t)(void *opaque, lws_smd_class_t _class, lws_usec_t timestamp,
					 void *buf, size_t len);

#endif
