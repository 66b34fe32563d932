#include <libwebsockets.h>

const char *lejp_error_to_string(int e)
{
	static const char * const texts[] = {
		[-LEJP_CONTINUE] = "",
		[-LEJP_REJECT_IDLE_NO_BRACE] = "the text must start with '{' or '['",
		[-LEJP_REJECT_MEMBERS_NO_CLOSE] = "'}' expected",
		[-LEJP_REJECT_MP_NO_OPEN_QUOTE] = "a name must start with '\"'",
		[-LEJP_REJECT_MP_STRING_UNDERRUN] = "a string ends where none is",
		[-LEJP_REJECT_MP_ILLEGAL_CTRL] = "control character or invalid UTF-8 in a string",
		[-LEJP_REJECT_MP_STRING_ESC_ILLEGAL_ESC] = "unknown escape or incomplete surrogate pair",
		[-LEJP_REJECT_ILLEGAL_HEX] = "hexadecimal digit expected",
		[-LEJP_REJECT_MP_DELIM_MISSING_COLON] = "':' expected behind a name",
		[-LEJP_REJECT_MP_DELIM_BAD_VALUE_START] = "value expected",
		[-LEJP_REJECT_MP_VAL_NUM_INT_NO_FRAC] = "digit expected behind the decimal point",
		[-LEJP_REJECT_MP_VAL_NUM_FORMAT] = "malformed number",
		[-LEJP_REJECT_MP_VAL_NUM_EXP_BAD_EXP] = "digit expected in the exponent",
		[-LEJP_REJECT_MP_VAL_TOK_UNKNOWN] = "true, false or null expected",
		[-LEJP_REJECT_MP_C_OR_E_UNDERF] = "']' without '['",
		[-LEJP_REJECT_MP_C_OR_E_NOTARRAY] = "']' in an object",
		[-LEJP_REJECT_MP_ARRAY_END_MISSING] = "',' or ']' expected",
		[-LEJP_REJECT_STACK_OVERFLOW] = "nested too deeply",
		[-LEJP_REJECT_MP_DELIM_ISTACK] = "path too long, or arrays nested too deeply",
		[-LEJP_REJECT_NUM_TOO_LONG] = "number too long",
		[-LEJP_REJECT_MP_C_OR_E_NEITHER] = "',' or '}' expected",
		[-LEJP_REJECT_UNKNOWN] = "the parser is at its end",
		[-LEJP_REJECT_CALLBACK] = "the callback refused it",
	};

	if (e >= 0)
		return "";
	if (e < LEJP_REJECT_CALLBACK)
		return "unknown error";

	return texts[-e];
}
