// The report's page code: the page is complete without it; this only adds comfort.
export {};
