#pragma once
// One message that stands for many late ones. Pure.
#include <vector>

#include "notify/message.hpp"

namespace outaged::notify {

/// In the order of `messages`, of which there must be at least one; its reference is made of the first and the last.
Message digest_of(const std::vector<Message>& messages, const std::string& site);

}  // namespace outaged::notify
