// Asks a language model on this machine about claims that the audit could not settle (`assay audit --nli
// URL`). Off unless asked for. What comes back is a proposal with a quotation: it is shown as model-assisted,
// and neither a verdict nor a number follows it.
#pragma once

#include "base/loopback.hpp"
#include "claims/audit.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace assay::app {

struct NliRequest {
    std::string url; ///< http://127.0.0.1:8080, with or without a path; empty: nobody is asked
    std::string model = "default";
    double seconds = 20;    ///< for each claim
    std::size_t most = 200; ///< claims that are asked about
};

/// A text of the review that a claim is held against.
struct Passage {
    std::string text, source, link;
    double fit = 0;
};

struct Proposal {
    std::size_t claim = 0; ///< index into the audit
    bool supports = false; ///< else it refutes
    std::string quote;     ///< stands so in the passage
    std::string source, link;
};

/// What asking gave, proposals in the order of the claims.
struct Consultation {
    std::string endpoint, model;
    std::size_t open = 0; ///< claims without a settled verdict that some passage of the review fits
    std::size_t asked = 0;
    std::size_t none = 0; ///< answers that neither supports nor refutes
    std::vector<Proposal> proposals;
    std::map<std::string, std::size_t> refused; ///< answers that were thrown away: why, how many
    std::string stopped;                        ///< why asking ended early; empty: it did not

    const Proposal* about(std::size_t claim) const;
};

/// The address of the endpoint; where only a server is given, its path for chats. Errors: "loopback/url".
LoopbackUrl nli_endpoint(const NliRequest& request);

/// The passages of the base that a claim may be held against, best first, at most six.
std::vector<Passage> passages_for(const claims::Audit& audit, const claims::Claim& claim,
                                  const claims::Base& base);

/// Reads the answer to one question. True: `proposal` holds a checked quotation. Otherwise `refused` says
/// what is wrong with the answer; empty: the model found that the passages settle nothing.
bool read_proposal(const std::string& reply, std::string_view claim, const std::vector<Passage>& passages,
                   Proposal& proposal, std::string& refused);

/// Asks about each claim that is "not checkable" or whose source is not in the base. A server that is gone or
/// slow ends the asking, never the audit.
Consultation consult(const NliRequest& request, const claims::Audit& audit, const claims::Base& base);

} // namespace assay::app
