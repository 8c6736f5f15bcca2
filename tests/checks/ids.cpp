#include "model/ids.hpp"

bool same(const assay::model::StudyId& a, const assay::model::StudyId& b) { return a == b; }

int main() {
    const assay::model::StudyId study("frusso1999");
#if MISTAKE
    const assay::model::ArmId other("frusso1999");
#else
    const assay::model::StudyId other("frusso1999");
#endif
    return same(study, other) ? 0 : 1;
}
