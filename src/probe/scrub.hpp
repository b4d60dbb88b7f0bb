#pragma once
// Scrub: evidence is kept and shown, so what only looks like a credential or a signature goes out of it, whoever it may
// belong to. (The secrets of the configuration are taken out by base's Redactor.)
#include <string>

namespace outaged::probe {

std::string scrubbed(std::string text);

}  // namespace outaged::probe
