#pragma once
// Who may use a database: more than its file, since SQLite makes others beside it.
#include <string>

namespace outaged::store {

enum class Access { reading, writing };

/// What of the database at `path` the user who runs us may not use, whose it is and how to change that, in sentences;
/// empty when permissions are not what stands in the way.
std::string access_denied(const std::string& path, Access access);

}  // namespace outaged::store
