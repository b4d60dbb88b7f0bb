#pragma once
// Obstacle: what keeps something from starting, and whether trying again later can help. Whoever supervises the program
// tries again when it may pass, and waits for a person when it does not.
#include <string>

namespace outaged {

enum class Outlook {
  passing,  ///< the same may work later: a full disk, a port in use, a lock that somebody holds
  lasting   ///< it stays so until a person changes something: the configuration, the file
};

struct Obstacle {
  std::string reason;  ///< a sentence for people
  Outlook outlook = Outlook::passing;
};

}  // namespace outaged
