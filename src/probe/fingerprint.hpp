#pragma once
// Fingerprint: how an answer looks, without what differs from one to the next: status, content type, the marks of the
// tier's own servers, and which error of the platform's interface it is.
#include <string>

#include "probe/answer.hpp"
#include "probe/definition.hpp"

namespace outaged::probe {

/// Such as "403 text/plain server=proxygen-bolt x-fb-trip-id". Printable; at most 300 bytes.
std::string fingerprint_of(const FingerprintExpectation& wanted, const Answer& answer);

}  // namespace outaged::probe
